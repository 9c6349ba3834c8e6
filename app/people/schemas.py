"""What goes in and out about people."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.language.names import PersonName
from app.core.language.text import Input, Line, Name
from app.people.models import Post, SeatEnd, UnitKind
from app.people.phone_numbers import mobile

Ordinal = Annotated[int, Field(ge=1, le=60, examples=[15])]
Position = Annotated[int, Field(ge=0, le=10_000, description="Order in lists.", examples=[3])]
Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
Phone = Annotated[
    str,
    StringConstraints(max_length=30),
    AfterValidator(mobile),
    Field(description="Mainland mobile number, or with + and region code.", examples=["13800138000"]),
]
GroupName = Annotated[Name, StringConstraints(max_length=40)]
Gender = Annotated[str, StringConstraints(pattern="^[男女]$")]


class TermIn(Input):
    """A new term."""

    ordinal: Ordinal = Field(description="Which term it is.")
    name: GroupName | None = Field(default=None, description="By default 第十五届.")
    starts_on: date = Field(description="First local day.")
    ends_on: date = Field(description="Last local day.")


class TermPatch(Input):
    """Changes of a term; seats that end with it move with `ends_on`."""

    name: GroupName | None = Field(default=None, description="As it stands in lists.")
    starts_on: date | None = Field(default=None, description="First local day.")
    ends_on: date | None = Field(default=None, description="Last local day.")


class TermOut(BaseModel):
    """A term; `current` when today lies in it."""

    id: int
    ordinal: int = Field(examples=[15])
    name: str = Field(examples=["第十五届"])
    starts_on: date
    ends_on: date
    current: bool


class GroupIn(Input):
    """A new sector or committee."""

    term_id: Reference | None = Field(default=None, description="By default the present term.")
    name: GroupName = Field(description="Unique in its term.", examples=["教育界"])
    position: Position = 0


class GroupPatch(Input):
    """Changes of a sector or committee."""

    name: GroupName | None = Field(default=None, description="Unique in its term.")
    position: Position | None = Field(default=None, description="Order in lists.")


class GroupOut(BaseModel):
    """A sector or committee of a term."""

    id: int
    term_id: int
    name: str = Field(examples=["教育界"])
    position: int
    seat_count: int = Field(description="Seats held today.")


class UnitIn(Input):
    """A new handling unit."""

    name: Annotated[Name, StringConstraints(max_length=60)] = Field(
        description="Unique in the organization.", examples=["市教育局"]
    )
    kind: UnitKind = Field(default="government", description="What kind of unit it is.")


class UnitPatch(Input):
    """Changes of a handling unit."""

    name: Annotated[Name, StringConstraints(max_length=60)] | None = Field(
        default=None, description="Unique in the organization."
    )
    kind: UnitKind | None = Field(default=None, description="What kind of unit it is.")


class UnitOut(BaseModel):
    """A handling unit (承办单位)."""

    id: int
    name: str = Field(examples=["市教育局"])
    kind: str = Field(examples=["government"])
    kind_label: str = Field(examples=["政府部门"])


class GroupRef(BaseModel):
    """A committee by id and name."""

    id: int
    name: str = Field(examples=["提案委员会"])


class SeatIn(Input):
    """A person who gets a seat; a person is known by the phone number."""

    name: PersonName = Field(description="Of the person.")
    phone: Phone
    gender: Gender | None = Field(default=None, description="男 or 女.")
    born_on: date | None = Field(default=None, description="Day of birth.")
    employer: Line | None = Field(default=None, max_length=120, description="Employer and position there.")
    sector_id: Reference = Field(description="The seat's sector.")
    committee_ids: list[Reference] = Field(
        default_factory=list, description="Committees in which the seat sits.", max_length=20
    )
    post: Post = Field(default=Post.MEMBER, description="The seat's post.")
    number: Annotated[Line, StringConstraints(max_length=20)] | None = Field(
        default=None, description="Of the member's card.", examples=["150001"]
    )
    starts_on: date | None = Field(default=None, description="By default the first day of the term.")
    ends_on: date | None = Field(default=None, description="By default the last day of the term.")


class SeatPatch(Input):
    """Changes of a seat; `ends_on` ends the right to act for it too."""

    sector_id: Reference | None = Field(default=None, description="The seat's sector.")
    committee_ids: list[Reference] | None = Field(
        default=None, description="All committees in which the seat sits.", max_length=20
    )
    post: Post | None = Field(default=None, description="The seat's post.")
    number: Annotated[Line, StringConstraints(max_length=20)] | None = Field(
        default=None, description="Of the member's card."
    )
    employer: Line | None = Field(default=None, description="Employer and position there.", max_length=120)
    starts_on: date | None = Field(default=None, description="First local day.")
    ends_on: date | None = Field(default=None, description="Last local day.")


class SeatEndIn(Input):
    """How a seat ended."""

    kind: SeatEnd = Field(description="How.")
    on: date = Field(description="Last local day; of somebody who died, that day.")
    paper: Line | None = Field(default=None, description="The document, by number or name.", max_length=200)


class SeatOut(BaseModel):
    """A seat with the person who holds it."""

    id: int
    term_id: int
    name: str = Field(examples=["王芳"])
    post: Post
    post_label: str = Field(examples=["常务委员"])
    number: str | None = Field(examples=["150001"])
    sector_id: int
    sector: str = Field(examples=["教育界"])
    committees: list[GroupRef]
    employer: str | None = Field(examples=["市第三中学 校长"])
    phone: str = Field(description="Masked, except for staff who manage people.", examples=["138****8000"])
    gender: str | None = Field(description="For staff who manage people only.")
    born_on: date | None = Field(description="For staff who manage people only.")
    portrait: str | None = Field(description="Key of a picture among the files.")
    starts_on: date
    ends_on: date
    current: bool = Field(description="Held today.")
    end_kind: SeatEnd | None = Field(description="How it ended or will end; null: not recorded.")
    end_kind_label: str | None = Field(examples=["辞去委员"])
    end_paper: str | None = Field(description="The document; for staff who manage people only.")
