"""Tables of consents, of requests about personal data, and of what the cleaning erased."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc
from app.privacy.lifecycle import RequestState


class Consent(SQLModel, table=True):
    """That somebody agreed to a version of the privacy notice: when, from where; and when it was withdrawn."""

    __table_args__ = (Index("ix_consent_account", "account_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    version: int
    agreed_at: datetime = Field(sa_type=Utc)
    address: str = Field(default="", max_length=45)
    device: str = Field(default="", max_length=200)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)


class PersonalRequest(SQLModel, table=True):
    """A member asks to correct a `field` of their personal data to `value`, or to erase what may be erased."""

    __tablename__ = "personal_request"
    __table_args__ = (
        Index("ix_personal_request_account", "account_id", "id"),
        Index("ix_personal_request_organization", "organization_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    kind: str = Field(max_length=10)
    field: str | None = Field(default=None, max_length=10)
    value: str | None = Field(default=None, max_length=120)
    remark: str = Field(default="", max_length=500)
    state: str = Field(default=RequestState.SUBMITTED, max_length=10)
    created_at: datetime = Field(sa_type=Utc)


class PersonalRequestStep(SQLModel, table=True):
    """A step of a request: who, when, why."""

    __tablename__ = "personal_request_step"
    __table_args__ = (Index("ix_personal_request_step_request", "request_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    request_id: int = Field(sa_type=Id, foreign_key="personal_request.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=10)
    to_state: str = Field(max_length=10)
    reason: str | None = Field(default=None, max_length=500)


class RetentionRun(SQLModel, table=True):
    """What one run of the cleaning erased of one kind; runs that found nothing leave no row."""

    __tablename__ = "retention_run"

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    at: datetime = Field(sa_type=Utc)
    kind: str = Field(max_length=40)
    erased: int
