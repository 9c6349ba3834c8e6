"""The ledger's table."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc

_LIVE_SINGLE = text("single AND voided_at IS NULL")


class DutyRecord(SQLModel, table=True):
    """One act of duty of a seat. Append-only: a correction voids a record with a reason and appends another.

    `occurred_on` is the local day in the organization's zone; `quantity` counts what the kind counts (half-days,
    minutes; 1 where nothing else is said). `single` records are unique by seat, kind, subject and role, so
    that a retry cannot count twice. `source` is platform, import, manual or claim.
    """

    __tablename__ = "duty_record"
    __table_args__ = (
        Index(
            "uq_duty_record_single",
            "seat_id",
            "kind",
            "subject_type",
            "subject_id",
            "role",
            unique=True,
            sqlite_where=_LIVE_SINGLE,
            postgresql_where=_LIVE_SINGLE,
        ),
        Index("ix_duty_record_seat", "seat_id", "duty_year", "kind"),
        Index("ix_duty_record_day", "organization_id", "occurred_on"),
        Index("ix_duty_record_subject", "subject_type", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    kind: str = Field(max_length=40)
    role: str = Field(default="lead", max_length=12)
    occurred_at: datetime = Field(sa_type=Utc)
    occurred_on: date
    duty_year: int
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    single: bool = True
    level: str = Field(default="city", max_length=12)
    quantity: int = 1
    source: str = Field(default="platform", max_length=10)
    source_ref: str | None = Field(default=None, max_length=120)
    note: str | None = Field(default=None, max_length=500)
    recorded_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    recorded_at: datetime = Field(sa_type=Utc)
    voided_at: datetime | None = Field(default=None, sa_type=Utc)
    voided_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    void_reason: str | None = Field(default=None, max_length=200)


class DutyMeasure(SQLModel, table=True):
    """What came of one record in numbers: a whole amount (fen, minutes) of one measure. It is void with its record."""

    __tablename__ = "duty_measure"

    record_id: int = Field(primary_key=True, sa_type=Id, foreign_key="duty_record.id")
    measure: str = Field(primary_key=True, max_length=12)
    amount: int = Field(sa_type=BigInteger)


class OutsideAct(SQLModel, table=True):
    """An act done outside the platform (a speech, an honour), from staff, Excel or a claim: a subject of records.

    `form` is one of those of its kind (`forms.py`), such as the kind of a meeting or of a service; None if not said.
    """

    __tablename__ = "outside_act"

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    kind: str = Field(max_length=40)
    form: str | None = Field(default=None, max_length=20)
    title: str = Field(max_length=120)
    held_on: date
    place: str = Field(default="", max_length=120)
    source_ref: str = Field(unique=True, max_length=160)
