"""What members of bodies take and give."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from app.core.language.text import Input
from app.people.bodies.schemas import BodySeat, Reference


class BodyMembersIn(Input):
    """Members who join a body."""

    seat_ids: Annotated[list[Reference], Field(min_length=1, max_length=1_000)] = Field(
        description="Seats of its term; whoever belongs to it already stays as they are."
    )
    starts_on: date | None = Field(default=None, description="Their first day; by default today.")


class BodyStay(Input):
    """From when until when a member belongs to a body."""

    starts_on: date = Field(description="The first day.")
    ends_on: date | None = Field(default=None, description="The last day; null: for the time being.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("离开的日期不能早于加入的日期")
        return self


class BodyMemberOut(BodySeat):
    """A member of a body."""

    role_label: str = Field(description="What they are in it.", examples=["负责人", "代表", "成员"])
    present: bool = Field(description="Whether they belong to it on the day that is asked about.")
    starts_on: date | None = Field(description="The first day; null where the roster or the post decides.")
    ends_on: date | None = Field(description="The last day, if it is known.")


class BodyJoined(BaseModel):
    """What became of a list of members who join."""

    joined: int = Field(description="How many joined; whoever belonged to it before is not counted.")
