"""Tables of organizations and the people in them. Duty belongs to the seat."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

import app.people.models_offices  # noqa: F401 - accounts refer to its table
from app.core.sql import Id, Json, Utc
from app.people.duty_years import DutyYears, DutyYearsType


class Post(StrEnum):
    """The post of a seat."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY_GENERAL = "secretary_general"
    STANDING_MEMBER = "standing_member"
    MEMBER = "member"


POST_LABELS = {
    Post.CHAIR: "主席",
    Post.VICE_CHAIR: "副主席",
    Post.SECRETARY_GENERAL: "秘书长",
    Post.STANDING_MEMBER: "常务委员",
    Post.MEMBER: "委员",
}
#: Who sits on the standing committee.
STANDING_POSTS = (Post.CHAIR, Post.VICE_CHAIR, Post.SECRETARY_GENERAL, Post.STANDING_MEMBER)


class SeatEnd(StrEnum):
    """How a seat ended."""

    TERM_OVER = "term_over"
    RESIGNED = "resigned"
    TRANSFERRED = "transferred"
    REMOVED = "removed"
    DIED = "died"


END_LABELS = {
    SeatEnd.TERM_OVER: "任期届满",
    SeatEnd.RESIGNED: "辞去委员",
    SeatEnd.TRANSFERRED: "工作调动",
    SeatEnd.REMOVED: "撤销委员资格",
    SeatEnd.DIED: "逝世",
}


class Level(StrEnum):
    """The level of an organization, and of an act's effect."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


LEVEL_LABELS = {Level.COUNTY: "区县", Level.CITY: "市级", Level.PROVINCE: "省级", Level.NATIONAL: "全国"}


UnitKind = Literal["government", "party", "court", "enterprise", "other"]
UNIT_LABELS: dict[str, str] = {
    "government": "政府部门",
    "party": "党群部门",
    "court": "法院和检察院",
    "enterprise": "企业",
    "other": "其他",
}


class Organization(SQLModel, table=True):
    """A committee of a province, city or county; a tree by `parent_id`."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    parent_id: int | None = Field(default=None, sa_type=Id, foreign_key="organization.id")
    name: str = Field(unique=True, max_length=60)
    level: str = Field(max_length=20)
    timezone: str = Field(default="Asia/Shanghai", max_length=40)
    duty_years: DutyYears = Field(default=DutyYears(), sa_type=DutyYearsType)
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class SettingChange(SQLModel, table=True):
    """A setting of an organization was changed: what it was and what it became; null is the default."""

    __tablename__ = "setting_change"
    __table_args__ = (Index("ix_setting_change", "organization_id", "key", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    key: str = Field(max_length=60)
    before: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    after: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    reason: str | None = Field(default=None, max_length=200)
    changed_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    changed_at: datetime = Field(sa_type=Utc)


class Term(SQLModel, table=True):
    """One term of an organization; the present one holds today between its days."""

    __table_args__ = (UniqueConstraint("organization_id", "ordinal"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    ordinal: int
    name: str = Field(max_length=40)
    starts_on: date
    ends_on: date


class Sector(SQLModel, table=True):
    """A sector (界别) of a term: data, never code."""

    __table_args__ = (UniqueConstraint("term_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    name: str = Field(max_length=40)
    position: int = 0


class Committee(SQLModel, table=True):
    """A special committee (专委会) of a term."""

    __table_args__ = (UniqueConstraint("term_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    name: str = Field(max_length=40)
    position: int = 0


class Person(SQLModel, table=True):
    """What one organization knows of a human being, over its terms; `phone` is E.164.

    Somebody known to two organizations is a person in each: neither reads nor alters what the other wrote down.
    """

    __table_args__ = (
        UniqueConstraint("organization_id", "phone", name="uq_person_phone"),
        UniqueConstraint("account_id", "organization_id", name="uq_person_account"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    name: str = Field(max_length=50)
    phone: str = Field(max_length=20)
    gender: str | None = Field(default=None, max_length=1)
    born_on: date | None = None
    portrait: str | None = Field(default=None, max_length=32)  # the key of a file


class Seat(SQLModel, table=True):
    """A person in a term, from a day to a day, with where the person worked then.

    An end before that of the term has a kind and a paper (the document's number or words) where staff recorded it.
    `figures_version` moves whenever any figure of the seat may have moved: caches of archives, cards and
    scores stand on it.
    """

    __table_args__ = (
        UniqueConstraint("term_id", "person_id"),
        Index("ix_seat_organization", "organization_id", "sector_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    person_id: int = Field(sa_type=Id, foreign_key="person.id")
    sector_id: int = Field(sa_type=Id, foreign_key="sector.id")
    post: str = Field(default=Post.MEMBER, max_length=20)
    number: str | None = Field(default=None, max_length=20)
    employer: str | None = Field(default=None, max_length=120)
    starts_on: date
    ends_on: date
    end_kind: str | None = Field(default=None, max_length=12)
    end_paper: str | None = Field(default=None, max_length=200)
    figures_version: int = 0


class SeatCommittee(SQLModel, table=True):
    """A seat sits in a committee."""

    __tablename__ = "seat_committee"
    __table_args__ = (Index("ix_seat_committee_committee", "committee_id"),)

    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    committee_id: int = Field(primary_key=True, sa_type=Id, foreign_key="committee.id")


class Unit(SQLModel, table=True):
    """A handling unit (承办单位)."""

    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    name: str = Field(max_length=60)
    kind: str = Field(default="government", max_length=20)
