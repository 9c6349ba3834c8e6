"""What pairs of persons say."""

from datetime import date

from pydantic import BaseModel, Field


class SeatOfPerson(BaseModel):
    """A seat of a person."""

    seat_id: int
    term: str = Field(examples=["第十六届"])
    sector: str = Field(examples=["经济界"])


class PersonRef(BaseModel):
    """A person with what tells it from another one."""

    person_id: int
    name: str = Field(examples=["沈文"])
    phone: str = Field(description="Masked.", examples=["139****0001"])
    born_on: date | None
    gender: str | None = Field(examples=["女"])
    seats: list[SeatOfPerson]


class PairOut(BaseModel):
    """Two persons of one name."""

    reason: str = Field(description="Why they may be one.", examples=["姓名和出生日期相同"])
    first: PersonRef
    second: PersonRef


class PairsOut(BaseModel):
    """Pairs that may be one person, those of the same day of birth first."""

    items: list[PairOut]
