"""Tables of notifications."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Notification(SQLModel, table=True):
    """One thing an account should know, about a subject; `kind` is a registered `noun.verb`."""

    __table_args__ = (Index("ix_notification_account", "account_id", "organization_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    kind: str = Field(max_length=40)
    title: str = Field(max_length=200)
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    at: datetime = Field(sa_type=Utc)
    read_at: datetime | None = Field(default=None, sa_type=Utc)


class PushSubscription(SQLModel, table=True):
    """Where a browser wants notifications pushed to, as long as its session lives."""

    __tablename__ = "push_subscription"

    session_id: int = Field(primary_key=True, sa_type=Id, foreign_key="login_session.id", ondelete="CASCADE")
    endpoint: str = Field(unique=True, max_length=700)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    created_at: datetime = Field(sa_type=Utc)
