"""What issued cards and their batches say."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input, Remark

CardState = Literal["issued", "corrected", "revoked"]
STATE_LABELS: dict[str, str] = {"issued": "已颁发", "corrected": "已更正", "revoked": "已撤销"}
Sharing = Literal["all", "seal"]
SHARING_LABELS: dict[str, str] = {"all": "全部可分享的内容", "seal": "未公开内容，只能核验真伪"}

PeriodOver = Annotated[str, StringConstraints(pattern="^(term|[12][0-9]{3})$")]


class IssueIn(Input):
    """Whose card is issued."""

    seat_id: int = Field(ge=1, le=2**63 - 1, description="The member's seat.", examples=[52])
    period: PeriodOver = Field(description="A duty year that is over, or `term`.", examples=["2025"])


class BatchIn(Input):
    """Of which period everybody's card is issued."""

    period: PeriodOver = Field(
        description="A duty year that is over, or `term`: the last one that is.", examples=["2025"]
    )


class RevocationIn(Input):
    """Why a card is revoked."""

    reason: Remark = Field(description="For the member and the secretariat.", examples=["姓名有误"])


class CardCorrectionIn(Input):
    """Why a card is corrected."""

    reason: Remark = Field(description="For the member and the secretariat.", examples=["姓名写错"])


class SharingIn(Input):
    """What of a card its public page shows."""

    sharing: Sharing = Field(
        description="`all`: every section; `seal`, as issued: name, period and the seal only."
    )


class IssuedOut(BaseModel):
    """One issued version of a card."""

    id: int
    seat_id: int
    name: str = Field(examples=["沈知遥"])
    period: str = Field(examples=["2025"])
    period_label: str = Field(examples=["2025年度"])
    version: int = Field(description="From 1; a correction is the next one.")
    state: CardState
    state_label: str = Field(examples=["已颁发"])
    corrected_by: int | None = Field(description="The version that corrects this one.")
    reason: str | None = Field(description="Why it was corrected or revoked.")
    own: bool = Field(description="Mine: I choose what its public page shows.")
    corrects: str | None = Field(description="Why the version before was corrected by this one.")
    issued_at: datetime
    ended_at: datetime | None = Field(description="When it was corrected or revoked.")
    sharing: Sharing
    sharing_label: str = Field(examples=["全部可分享的内容"])
    sha256: str = Field(description="Of its canonical JSON.")
    key_id: str = Field(description="The key that signed it, as `kid` in the key set.")
    verify_url: str = Field(description="The public page behind its QR code.")


class BatchOut(BaseModel):
    """The issue of everybody's cards of a period, and how far it is."""

    id: int
    period: str = Field(examples=["2025"])
    period_label: str = Field(examples=["2025年度"])
    total: int = Field(description="Members who held a seat in the period.")
    done: int = Field(description="Members looked at; who has a card already gets no other.")
    issued: int = Field(description="Cards issued by this batch.")
    begun_at: datetime
    finished_at: datetime | None


class PublicKey(BaseModel):
    """A public key as JWK (RFC 7517)."""

    kid: str = Field(description="Its thumbprint (RFC 7638); the header of a signature names it.")
    kty: Literal["EC"]
    crv: Literal["P-256"]
    alg: Literal["ES256"]
    use: Literal["sig"]
    x: str
    y: str


class KeySet(BaseModel):
    """Every key that has ever signed cards, oldest first."""

    keys: list[PublicKey]


class Verified(BaseModel):
    """What anybody may know of a card whose code they have; no figures."""

    genuine: bool = Field(
        description="It comes from here; an issued one also is exactly what was signed.", examples=[True]
    )
    state: Literal["not_issued", "issued", "corrected", "revoked"]
    state_label: str = Field(examples=["已颁发"])
    name: str = Field(examples=["沈知遥"])
    organization: str = Field(examples=["政协云川市委员会"])
    term: str = Field(examples=["第十六届"])
    period: str = Field(examples=["2026年度"])
    starts_on: date
    ends_on: date
    as_of: datetime = Field(description="When this was asked and answered.")
    version: int | None = Field(description="Of an issued card.")
    issued_at: datetime | None
    ended_at: datetime | None = Field(description="When it was corrected or revoked.")
    sha256: str | None
    key_id: str | None
    in_force: str | None = Field(
        description="The page of the issued card in force, where that is another one."
    )
    file: str | None = Field(description="Opens the signed file, where its owner shares it.")


class SignedFile(BaseModel):
    """A card that verifies without us: `signature` is a detached JWS (RFC 7515) of the canonical JSON of `card`."""

    card: dict[str, object] = Field(description="In the file: sorted keys, UTF-8, no insignificant blanks.")
    sha256: str
    signature: str = Field(examples=["eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9..MEUC"])
