"""What bodies take and give."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.language.text import Draft, Input, Line, Name
from app.people.bodies.rules import BodyKind, phone

Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
BodyName = Annotated[Name, StringConstraints(max_length=60)]
Phone = Annotated[Line, StringConstraints(max_length=30), AfterValidator(phone)]
Spokespersons = Annotated[list[Reference], Field(max_length=50)]


class BodyPatch(Input):
    """Changes of a body; what is left out stays, null empties."""

    name: BodyName | None = Field(
        default=None, description="Null for that of its sector or committee.", examples=["民盟云川市委员会"]
    )
    head_seat_id: Reference | None = Field(default=None, description="The seat of its head.")
    contact_name: Name | None = Field(default=None, description="Whom units call about its proposals.")
    contact_phone: Phone | None = Field(default=None, description="Mobile or not.", examples=["0817-2220000"])
    spokesperson_ids: Spokespersons = Field(
        default=[], description="Seats that may act for it beside its head; all of them."
    )
    position: int = Field(
        default=0, ge=0, le=10_000, description="Order in lists; a new one stands last by default."
    )


class BodyIn(BodyPatch):
    """A new body of a term."""

    kind: BodyKind = Field(description="What kind of body it is.")
    term_id: Reference | None = Field(default=None, description="By default the present term.")
    sector_id: Reference | None = Field(default=None, description="With kind `sector`: which one.")
    committee_id: Reference | None = Field(default=None, description="With kind `committee`: which one.")


class BrandIn(Input):
    """What a body is known for (一委一品牌); both empty: nothing is shown."""

    title: Annotated[Line, StringConstraints(max_length=40)] = Field(
        default="", description="On one line.", examples=["盟员送医下乡"]
    )
    text: Annotated[Draft, StringConstraints(max_length=1000)] = Field(
        default="", description="What it does under this name."
    )


class BrandOut(BaseModel):
    """What a body is known for, shown to all members."""

    title: str
    text: str
    version: int = Field(description="Send it back as `If-Match` with an edit.")


class BodySeat(BaseModel):
    """A member who acts for a body."""

    seat_id: int
    name: str
    sector: str
    post_label: str = Field(examples=["委员"])


class BodyOut(BaseModel):
    """A body (参加单位) of a term."""

    id: int
    term_id: int
    kind: BodyKind
    kind_label: str = Field(examples=["民主党派"])
    name: str = Field(examples=["民盟云川市委员会"])
    sector_id: int | None
    committee_id: int | None
    head: BodySeat | None = Field(description="Confirms what is submitted in its name.")
    contact_name: str | None
    contact_phone: str | None = Field(description="Masked but for staff and those who act for it.")
    spokespersons: list[BodySeat] = Field(description="Who may act for it beside its head.")
    mine: bool = Field(description="Whether the caller may act for it.")
    belongs: bool = Field(description="Whether the caller is a member of it today.")
    member_count: int = Field(description="Who belongs to it today, each member once.")
    position: int
