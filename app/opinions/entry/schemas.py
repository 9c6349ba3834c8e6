"""What staff enter of reports on paper, and of leads that reach them by telephone, letter or visit."""

from typing import Literal, Self

from pydantic import Field, model_validator

from app.core.language.text import Name
from app.opinions.leads.lifecycle import Source
from app.opinions.leads.schemas import LeadIn
from app.opinions.schemas import Id, OpinionIn
from app.people.paper.schemas import PaperIn


class ReportEntryIn(PaperIn, OpinionIn):
    """A whole report as it was handed in, of a member or a body."""

    seat_id: Id | None = Field(default=None, description="Its author; the body's head when left out.")
    body_id: Id | None = Field(default=None, description="The body that reports, if one does.")


class LeadEntryIn(PaperIn, LeadIn):
    """A lead that somebody told the secretariat of."""

    source: Literal[Source.CITIZEN, Source.INSTITUTION, Source.MEMBER] = Field(
        description="As what it was handed in."
    )
    seat_id: Id | None = Field(default=None, description="With source `member`: whose it is.")
    name: Name | None = Field(default=None, description="The citizen or institution.", examples=["城东小学"])
    contact: Name | None = Field(
        default=None, description="Telephone or e-mail for questions; erased after a time."
    )

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if (self.source is Source.MEMBER) != (self.seat_id is not None):
            raise ValueError("委员提供的线索请选择委员，其他线索不选委员")
        return self
