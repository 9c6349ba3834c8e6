"""What citizens hand in and read."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from app.auth.strangers import Code
from app.consultations.matters.lifecycle import MatterState
from app.consultations.matters.schemas import CitizenMatterIn, Id, ReleasedWords
from app.core.language.text import Input, Remark

VENUE_CODE = "^[A-Za-z0-9_-]{1,12}$"


class PublicMatterIn(CitizenMatterIn):
    """A matter of a citizen, for a venue or for an organization."""

    venue_code: str | None = Field(
        default=None, pattern=VENUE_CODE, description="The code of the venue's public page."
    )
    organization_id: Id | None = Field(default=None, description="Or who should hear of it.")

    @model_validator(mode="after")
    def _one_place(self) -> "PublicMatterIn":
        if (self.venue_code is None) == (self.organization_id is None):
            raise ValueError("请选择一个议事场所或一个政协组织")
        return self


class MatterCodeIn(Input):
    """The code of a receipt."""

    code: Code = Field(description="As it stands on the receipt.", examples=["K7MW-2XRT-Q5DH"])


class MatterJudgementIn(MatterCodeIn):
    """What the citizen thinks of the result."""

    judgement: Literal["satisfied", "mostly", "dissatisfied"] = Field(description="Of the result.")
    words: Remark | None = Field(default=None, description="Why; needed of who is not satisfied.")


class MatterStatus(BaseModel):
    """What has become of a matter, for whoever has its code."""

    organization: str = Field(examples=["政协云川市委员会"])
    venue: str | None
    state: MatterState
    state_label: str = Field(examples=["跟踪落实"])
    merged: bool = Field(description="It is met on with another one, whose state this is.")
    reason: str | None = Field(description="Why it was declined.")
    release: ReleasedWords | None = Field(description="What was released of it.")
    received_at: datetime
    may_judge: bool


class ReleasedMatter(ReleasedWords):
    """A matter as the public reads it."""

    id: int
    venue: str | None
    solved: bool = Field(
        description="Whether it belongs to what was solved (幸福账单) or not yet (问题清单)."
    )
    released_at: datetime


class MatterPlace(BaseModel):
    """An organization that takes matters."""

    id: int
    name: str = Field(examples=["政协云川市委员会"])
