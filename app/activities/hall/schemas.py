"""What a seating says and takes."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from app.activities.hall.rules import SeatingOrder
from app.core.language.text import Input

_Rows = Annotated[int, Field(ge=1, le=60)]
_Chairs = Annotated[int, Field(ge=1, le=80)]


class HallIn(Input):
    """A hall, and by which rule it fills."""

    rows: _Rows = Field(description="How many rows.", examples=[12])
    columns: _Chairs = Field(description="How many chairs each row has.", examples=[20])
    aisles: Annotated[list[_Chairs], Field(max_length=10)] = Field(
        default_factory=list, description="After which chairs there is a way.", examples=[[5, 15]]
    )
    front_rows: Annotated[int, Field(ge=0, le=10)] = Field(
        default=0, description="So many rows in front are filled by hand: who sits there already stays."
    )
    order: SeatingOrder = Field(description="Within a sector: by strokes of the name, or by the roster.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.front_rows >= self.rows:
            raise ValueError("领导席的排数要比总排数少")
        if any(aisle >= self.columns for aisle in self.aisles):
            raise ValueError("过道要在两个座位之间")
        self.aisles = sorted(set(self.aisles))
        return self


class PlaceIn(Input):
    """A chair."""

    row: _Rows = Field(description="From 1, which is in front.")
    chair: _Chairs = Field(description="From 1, which is at the left of whoever faces the stage.")


class HallPlaceOut(BaseModel):
    """A chair."""

    row: int = Field(examples=[5])
    chair: int = Field(examples=[12])


class HallGuest(BaseModel):
    """Somebody in a hall."""

    seat_id: int
    name: str = Field(examples=["王芳"])
    sector: str
    post_label: str = Field(examples=["常务委员"])


class SeatedGuest(HallGuest, HallPlaceOut):
    """Somebody with a chair."""


class HallOut(BaseModel):
    """A seating. Who does not come any more gives the chair free and is named for it."""

    rows: int
    columns: int
    aisles: list[int]
    front_rows: int
    order: SeatingOrder
    order_label: str = Field(examples=["界别、姓氏笔画"])
    made_at: datetime
    version: int = Field(description="Send it back as `If-Match` with a change.")
    guests: list[SeatedGuest] = Field(description="Row by row.")
    unplaced: list[HallGuest] = Field(description="Expected, but without a chair: invited or back since.")
    gone: list[SeatedGuest] = Field(description="Had a chair, but are excused or absent: it is free.")
