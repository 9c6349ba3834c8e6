"""Tables of notifications."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Notification(SQLModel, table=True):
    """One thing an account should know, about a subject; `kind` is a `NoticeKind`.

    `by_id` is the account of whom it tells, whose name is put for `{who}` in the title when it is read. Those of
    one kind about one place are one entry of the list; a place is set for kinds that are gathered only.
    """

    __table_args__ = (
        Index("ix_notification_account", "account_id", "organization_id", "id"),
        Index("ix_notification_place", "account_id", "place_id", "place_type", "kind", "id"),
        Index(
            "ix_notification_unread_subject",
            "subject_id",
            "subject_type",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    kind: str = Field(max_length=40)
    title: str = Field(max_length=200)
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    at: datetime = Field(sa_type=Utc)
    read_at: datetime | None = Field(default=None, sa_type=Utc)
    by_id: int | None = Field(default=None, sa_type=Id)
    place_type: str | None = Field(default=None, max_length=40)
    place_id: int | None = Field(default=None, sa_type=Id)


class NotificationSetting(SQLModel, table=True):
    """What an account has switched on or off for a kind of notifications; without a row both ways are on."""

    __tablename__ = "notification_setting"

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    kind: str = Field(primary_key=True, max_length=40)
    in_app: bool
    push: bool


class PushSubscription(SQLModel, table=True):
    """Where a browser wants notifications pushed to, as long as its session lives."""

    __tablename__ = "push_subscription"

    session_id: int = Field(primary_key=True, sa_type=Id, foreign_key="login_session.id", ondelete="CASCADE")
    endpoint: str = Field(unique=True, max_length=700)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    created_at: datetime = Field(sa_type=Utc)
