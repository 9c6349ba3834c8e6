"""What accounts and sessions say and take."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.auth.permissions import Role
from app.core.language.text import Input

Phone = Annotated[
    str,
    Field(
        max_length=32,
        description="As people write it; +86 unless it says otherwise.",
        examples=["13900000001"],
    ),
]
Password = Annotated[str, Field(min_length=1, max_length=128, examples=["三月的云川 2026 很好"])]
Code = Annotated[
    str,
    Field(
        min_length=6,
        max_length=10,
        pattern=r"^[a-z0-9]+$",
        description="Six digits of the authenticator app, or a recovery code.",
        examples=["492039"],
    ),
]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class LoginIn(Input):
    """Phone and password, and the code of the second factor where the account has one."""

    phone: Phone
    password: Password = Field(description="The account's password.")
    code: Code | None = Field(default=None, description="Where the account has a second factor.")


class RefreshIn(Input):
    """A program's refresh token; browsers send theirs as a cookie."""

    refresh_token: str | None = Field(
        default=None, description="The newest one that was given.", max_length=100
    )


class PasswordIn(Input):
    """A change of password."""

    current_password: Password = Field(description="The present password.")
    new_password: Password = Field(description="The password from now on.")


class OwnerIn(Input):
    """The password again, before something weighty."""

    password: Password = Field(description="The present password.")


class AuthCodeIn(Input):
    """A code of the second factor."""

    code: Code


class AuthOrganizationIn(Input):
    """Where to work from now on."""

    organization_id: Id = Field(description="One of my organizations.")


class OrganizationRef(BaseModel):
    """An organization by name."""

    id: int
    name: str = Field(examples=["政协云川市委员会"])


class RoleRef(BaseModel):
    """A role with its Chinese name."""

    role: Role
    role_label: str = Field(examples=["委员"])


class SeatRef(BaseModel):
    """The seat that the account stands for in the present organization, else the last one that it stood for."""

    id: int
    number: str | None = Field(examples=["160231"])
    post: str = Field(examples=["standing_member"])
    post_label: str = Field(examples=["常务委员"])
    sector: str = Field(examples=["经济界"])
    term: str = Field(examples=["第十六届"])
    current: bool = Field(description="Held; false: it has ended, and may be read only.")
    ends_on: date = Field(description="Last local day.")
    note: str | None = Field(description="What its holder reads once it has ended.")


class UnitRef(BaseModel):
    """The handling unit that the account works for."""

    id: int
    name: str = Field(examples=["市教育局"])


class OfficeRef(BaseModel):
    """An office of the secretariat in which the account works."""

    id: int
    name: str = Field(examples=["提案科"])
    committee_id: int | None = Field(description="The committee for which alone it acts.")


class MeOut(BaseModel):
    """Who is logged in."""

    account_id: int
    session_id: int
    name: str = Field(examples=["沈文"])
    phone: str = Field(description="Masked.", examples=["139****0001"])
    organization: OrganizationRef
    organizations: list[OrganizationRef] = Field(description="All in which the account holds a role.")
    roles: list[RoleRef] = Field(description="In the present organization.")
    permissions: list[str] = Field(examples=[["circle.read", "update.post"]])
    seat: SeatRef | None
    past_seats: list[SeatRef] = Field(description="Others that the account stood for there, newest first.")
    unit: UnitRef | None
    offices: list[OfficeRef] = Field(description="Of staff; empty for those who may do everything.")
    due: str | None = Field(
        description="What must be done before anything else: `password_change_required`, "
        "`second_factor_required` or `consent_required`; until then other routes answer 403 with this code."
    )
    consent_version: int = Field(description="The privacy notice that I agreed to; 0: none.", examples=[1])
    notice_version: int = Field(description="The present privacy notice.", examples=[1])
    second_factor: bool = Field(description="Whether a second factor is in force.")
    password_changed_at: datetime


class TokensOut(BaseModel):
    """Tokens for programs; null where the browser got them as cookies instead."""

    access_token: str | None = Field(description="For `Authorization: Bearer …`.")
    refresh_token: str | None = Field(description="For `POST /api/v1/auth/refresh`; good once.")
    expires_in: int = Field(description="Seconds that the access token lives.", examples=[900])


class LoginOut(TokensOut):
    """A session: tokens, and who is logged in."""

    me: MeOut


class SessionOut(BaseModel):
    """A session of mine."""

    id: int
    device: str = Field(description="What the client called itself.", examples=["Mozilla/5.0 (iPhone; …)"])
    address: str = Field(examples=["192.0.2.7"])
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


class SessionsOut(BaseModel):
    """My live sessions, newest first."""

    items: list[SessionOut]


class SecondFactorOut(BaseModel):
    """The secret for an authenticator app; in force once a code confirms it."""

    secret: str = Field(description="Base32.", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    uri: str = Field(description="`otpauth:` address, for a QR code.")


class RecoveryOut(BaseModel):
    """Recovery codes, shown once; each is good once in the place of a code."""

    recovery_codes: list[str]
