"""Tables of accounts, their roles and their sessions."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Account(SQLModel, table=True):
    """Somebody who can log in; `phone` is E.164, `organization_id` says whose administrators look after it.

    Each organization opens accounts of its own, even for a phone that others know: the password says which one is
    meant. Their owner may link them (links.py).
    """

    __table_args__ = (
        UniqueConstraint("organization_id", "phone", name="uq_account_phone"),
        Index("ix_account_phone", "phone"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    phone: str = Field(max_length=20)
    name: str = Field(max_length=50)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    password_hash: str = Field(max_length=200)
    password_changed_at: datetime = Field(sa_type=Utc)
    must_change_password: bool = False
    # the second factor: its secret, encrypted (16 bytes: a seed of earlier releases), when it was confirmed, the last
    # time step used
    second_factor_seed: bytes | None = Field(default=None, sa_column=Column(LargeBinary(48)))
    second_factor_at: datetime | None = Field(default=None, sa_type=Utc)
    second_factor_step: int = Field(default=0, sa_type=Id)
    disabled_at: datetime | None = Field(default=None, sa_type=Utc)
    consent_version: int = 0  # of the privacy notice, as agreed to last; 0 before and after a withdrawal
    created_at: datetime = Field(sa_type=Utc)


class RecoveryCode(SQLModel, table=True):
    """A hashed single-use code that stands in for a lost second factor."""

    __tablename__ = "recovery_code"

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    code_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))


class AccountRole(SQLModel, table=True):
    """A role of an account in an organization, with the seat or unit it stands for, until `ends_on` (local day).

    Staff with an `office_id` may do what that office may do, those without one everything of the secretariat.
    """

    __tablename__ = "account_role"
    __table_args__ = (
        UniqueConstraint("account_id", "organization_id", "role", "seat_id", name="uq_account_role"),
        Index("ix_account_role_seat", "seat_id"),
        Index("ix_account_role_office", "office_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    role: str = Field(max_length=20)
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    unit_id: int | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    office_id: int | None = Field(default=None, sa_type=Id, foreign_key="office.id")
    ends_on: date | None = None


class LoginSession(SQLModel, table=True):
    """One login on one device; dead when `revoked_at` is set or a limit has passed."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account", "account_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    refresh_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, unique=True))
    device: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=45)
    created_at: datetime = Field(sa_type=Utc)
    last_used_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
    revoke_reason: str | None = Field(default=None, max_length=40)


class SpentRefresh(SQLModel, table=True):
    """A refresh token that was rotated away; if it comes again, its session is revoked."""

    __tablename__ = "spent_refresh"
    __table_args__ = (Index("ix_spent_refresh_session", "session_id"),)

    refresh_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    session_id: int = Field(sa_type=Id, foreign_key="login_session.id")
    spent_at: datetime = Field(sa_type=Utc)


class LoginAttempt(SQLModel, table=True):
    """Wrong guesses by `phone:…`, known or not, `address:…` or `session:…` since `began_at`; the end of the lock-out.

    Uses of public forms are counted beside them, by keys of their own.
    """

    __tablename__ = "login_attempt"

    key: str = Field(primary_key=True, max_length=80)
    failures: int = 0
    began_at: datetime = Field(sa_type=Utc)
    locked_until: datetime | None = Field(default=None, sa_type=Utc)
