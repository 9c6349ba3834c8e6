"""Tables of speeches and of the calls for them."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class SpeechCall(SQLModel, table=True):
    """A call for speeches at one plenary session; `closes_on` is the last day for new ones.

    `version` moves with every edit and step of the call, and with every change of which speeches are oral and in
    which order.
    """

    __tablename__ = "speech_call"
    __table_args__ = (Index("ix_speech_call_organization", "organization_id", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    state: str = Field(default="open", max_length=12)
    version: int = 1
    name: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    closes_on: date
    most_characters: int
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)


class Speech(SQLModel, table=True):
    """A speech of a member, or of a body in whose name one of its speakers hands it in.

    `wishes` is how the author would like to speak, `choice` how it was chosen. `place` orders the oral ones of a call.
    """

    __table_args__ = (
        Index("ix_speech_call_place", "call_id", "state", "place"),
        Index("ix_speech_organization", "organization_id", "state", "id"),
        Index("ix_speech_account", "account_id", "id"),
        Index("ix_speech_body", "body_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    call_id: int = Field(sa_type=Id, foreign_key="speech_call.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    body_id: int | None = Field(default=None, sa_type=Id, foreign_key="body.id")
    state: str = Field(default="submitted", max_length=12)
    version: int = 1
    wishes: str = Field(max_length=12)
    choice: str | None = Field(default=None, max_length=12)
    place: int | None = None
    delivered_on: date | None = None
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Utc)


class SpeechVersion(SQLModel, table=True):
    """A text of a speech as it was saved, by its author or by staff; `version` is that of the speech."""

    __tablename__ = "speech_version"
    __table_args__ = (UniqueConstraint("speech_id", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    speech_id: int = Field(sa_type=Id, foreign_key="speech.id")
    version: int
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    saved_by: int = Field(sa_type=Id, foreign_key="account.id")
    saved_at: datetime = Field(sa_type=Utc)


class SpeechStep(SQLModel, table=True):
    """One step of a speech, by whom and why."""

    __tablename__ = "speech_step"
    __table_args__ = (Index("ix_speech_step_speech", "speech_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    speech_id: int = Field(sa_type=Id, foreign_key="speech.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=500)
