"""Tables of annual bulletins: one row for each version, and beside it all that makes its figures stay what they are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Bulletin(SQLModel, table=True):
    """One version of a year's bulletin; `state` is draft, published or superseded.

    It counts the records of its year and of the year before, up to `last_record_id`, without those in
    `bulletin_void`, as they were `fixed_at` some moment; while the year runs, those up to `counted_on`, and of the year
    before, which began on `before_starts_on`, those up to the same day, `before_on`. Both years keep these days,
    whatever the organization's duty years become. A draft without `counted_at` is not counted yet.
    """

    __table_args__ = (UniqueConstraint("organization_id", "duty_year", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    duty_year: int
    version: int
    state: str = Field(default="draft", max_length=12)
    revision: int = 1
    preface: str = Field(default="", sa_column=Column(Text, nullable=False))
    reason: str | None = Field(default=None, max_length=200)
    starts_on: date
    ends_on: date
    counted_on: date
    before_starts_on: date
    before_on: date
    last_record_id: int = Field(sa_type=Id)
    ruleset_id: int | None = Field(default=None, sa_type=Id, foreign_key="ruleset.id")
    counted_at: datetime | None = Field(default=None, sa_type=Utc)
    fixed_at: datetime = Field(sa_type=Utc)
    created_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    published_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    published_at: datetime | None = Field(default=None, sa_type=Utc)


class BulletinVoid(SQLModel, table=True):
    """A record that was void already when a bulletin was counted."""

    __tablename__ = "bulletin_void"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    record_id: int = Field(primary_key=True, sa_type=Id, foreign_key="duty_record.id")


class BulletinSeat(SQLModel, table=True):
    """A seat in the bulletin's year or in the one before: who sat where, on how many of its days.

    `place` is that of the sector.
    `points` are hundredths and `unmet` the minimum duties that were left; null where no ruleset measured them.
    `behind` says that there were some.
    """

    __tablename__ = "bulletin_seat"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    duty_year: int = Field(primary_key=True)
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    name: str = Field(max_length=50)
    post: str = Field(max_length=20)
    sector: str = Field(max_length=40)
    place: int
    days: int
    months: int | None = None
    points: int | None = None
    behind: bool = False
    unmet: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(Json, nullable=True))


class BulletinCommittee(SQLModel, table=True):
    """A seat of a bulletin sat in a committee."""

    __tablename__ = "bulletin_committee"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    committee: str = Field(primary_key=True, max_length=40)


class BulletinBody(SQLModel, table=True):
    """A seat of one of a bulletin's years belonged to a body that lists its members."""

    __tablename__ = "bulletin_body"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    duty_year: int = Field(primary_key=True)
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    body: str = Field(primary_key=True, max_length=60)


class BulletinProposal(SQLModel, table=True):
    """A collective proposal on file, filed in one of a bulletin's years, of a body that lists its members."""

    __tablename__ = "bulletin_proposal"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    proposal_id: int = Field(primary_key=True, sa_type=Id, foreign_key="proposal.id")
    duty_year: int
    body: str = Field(max_length=60)
    filed_on: date


class BulletinCount(SQLModel, table=True):
    """How much there was of a kind in a year: of the whole (`dimension` and `name` empty), a sector, committee or body.

    `measures` are amounts added up; null where nothing was measured.
    """

    __tablename__ = "bulletin_count"

    bulletin_id: int = Field(primary_key=True, sa_type=Id, foreign_key="bulletin.id")
    duty_year: int = Field(primary_key=True)
    dimension: str = Field(primary_key=True, max_length=12)
    name: str = Field(primary_key=True, max_length=60)
    kind: str = Field(primary_key=True, max_length=40)
    records: int
    subjects: int
    members: int
    quantity: int
    measures: dict[str, int] | None = Field(default=None, sa_column=Column(Json, nullable=True))
