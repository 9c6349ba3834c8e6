"""Tables of rulesets, of the scores that they give, and of boards as they stood."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class RulesetVersion(SQLModel, table=True):
    """One version of an organization's ruleset for a duty year: as it was written, and as the engine reads it.

    `state` goes from draft over publishing (scores are being computed) to published, and to superseded when a later
    version is; a version is never edited. `scored_to` is the last seat whose score was computed since somebody
    asked to try or to publish it.
    """

    __tablename__ = "ruleset"
    __table_args__ = (UniqueConstraint("organization_id", "duty_year", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    duty_year: int
    version: int
    state: str = Field(default="draft", max_length=12)
    name: str = Field(max_length=120)
    text: str = Field(sa_column=Column(Text, nullable=False))
    rules: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    reason: str = Field(max_length=500)
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    scored_to: int | None = Field(default=None, sa_type=Id)
    tried_at: datetime | None = Field(default=None, sa_type=Utc)
    published_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    published_at: datetime | None = Field(default=None, sa_type=Utc)


class Score(SQLModel, table=True):
    """The score of a seat under one ruleset, in hundredths, valid while the seat's figures are of this version.

    `parts` holds what each rule gave, by its id.
    """

    __table_args__ = (Index("ix_score_points", "ruleset_id", "points"),)

    ruleset_id: int = Field(primary_key=True, sa_type=Id, foreign_key="ruleset.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    figures_version: int
    points: int = Field(sa_type=Id)
    months: int
    minimums_met: bool
    parts: dict[str, int] = Field(sa_column=Column(Json, nullable=False))
    computed_at: datetime = Field(sa_type=Utc)


class BoardSnapshot(SQLModel, table=True):
    """A board as it stood when a month had ended: one JSON object a line, best first; it is never changed.

    `board` is heat or points; `ruleset_id` is the one in force then, of points; `formula` the version of that of heat.
    """

    __tablename__ = "board_snapshot"

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    board: str = Field(primary_key=True, max_length=10)
    month: str = Field(primary_key=True, max_length=7)
    ruleset_id: int | None = Field(default=None, sa_type=Id, foreign_key="ruleset.id")
    formula: int | None = None
    rows: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    taken_at: datetime = Field(sa_type=Utc)
