"""What accounts say and take, for their administrators."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.auth.permissions import Role
from app.auth.schemas import Id, Phone, RoleRef
from app.core.language.names import PersonName
from app.core.language.text import Input


class AccountFilters(Input):
    """Which accounts: every filter that is given must hold."""

    name: str | None = Field(default=None, max_length=50, description="Part of the name.")
    role: Role | None = Field(default=None, description="Only accounts that hold this role.")
    unit_id: Id | None = Field(default=None, description="Only officers of this unit.")
    disabled: bool | None = Field(default=None, description="Only closed accounts, or only open ones.")
    locked: bool | None = Field(
        default=None,
        description="Only those whose phone is locked after wrong passwords, or only the others.",
    )


class AccountQuery(AccountFilters):
    """A page of accounts."""

    limit: int = Field(default=20, ge=1, le=100, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=400, description="`next` of the page before; none for the first page."
    )


class AccountIn(Input):
    """A new account; roles are granted by the security administrator."""

    phone: Phone
    name: PersonName = Field(description="Of the person.", examples=["沈文"])


class HeldRole(RoleRef):
    """A role of an account in the administrator's organization."""

    seat_id: int | None
    unit_id: int | None
    office_id: int | None = Field(description="Of staff who work in one; without one they may do everything.")
    ends_on: date | None


class AccountOut(BaseModel):
    """An account as its administrators see it."""

    id: int
    name: str
    phone: str = Field(description="Masked.", examples=["139****0001"])
    roles: list[HeldRole]
    disabled_at: datetime | None
    must_change_password: bool
    second_factor: bool
    locked_until: datetime | None = Field(
        description="Until when nobody new may try its phone, after wrong passwords."
    )
    created_at: datetime


class OneTimePasswordOut(BaseModel):
    """A password to hand over; it is shown once and must be changed at the first login."""

    account_id: int
    one_time_password: str = Field(examples=["k7mwn2xrtq5d"])


class DisabledIn(Input):
    """Close or reopen an account."""

    disabled: bool = Field(description="True closes the account, false reopens it.")


class RoleIn(Input):
    """A role to grant; a member has a seat, a unit officer a unit."""

    role: Role = Field(description="What is granted.")
    seat_id: Id | None = Field(default=None, description="The member's seat.")
    unit_id: Id | None = Field(default=None, description="The officer's unit.")
    office_id: Id | None = Field(
        default=None,
        description="The office in which staff work; without one they may do everything of the secretariat.",
    )
    ends_on: date | None = Field(default=None, description="Last local day.", examples=["2027-01-15"])


class SlipsIn(Input):
    """Which first passwords to make."""

    after: int = Field(default=0, ge=0, le=2**63 - 1, description="`next` of the answer before; 0 to begin.")
    role: Role = Field(default=Role.MEMBER, description="Of accounts with this role.")
    again: bool = Field(
        default=False,
        description="Also for those whose first password nobody has used yet: what was handed out ends.",
    )


class Slip(OneTimePasswordOut):
    """A first password, with what stands on the slip that is handed over."""

    name: str = Field(examples=["沈文"])
    sector: str | None = Field(description="Of members.", examples=["经济界"])
    phone: str = Field(description="In full: it is what they log in with.", examples=["13900000001"])


class SlipsOut(BaseModel):
    """First passwords, shown once."""

    items: list[Slip]
    next: int | None = Field(description="Pass it as `after` for the next ones; null at the end.")
