"""What an organization may set for its proposals."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from app.core.text import Input
from app.proposals.lifecycle_handling import LETTERS, ResultClass
from app.proposals.rules_deadlines import Spans
from app.proposals.signatures.rules import AskAgain

Days = Annotated[int, Field(ge=1, le=250)]
Months = Annotated[int, Field(ge=1, le=24)]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-D]$")]


class ProposalRules(Input):
    """Reviews, deadlines, signatures, ratings and letters of an organization's proposals."""

    reviews: Annotated[int, Field(ge=1, le=3)] = Field(
        default=1, description="Reviews before filing: 1 初审, 2 初审 and 会审, 3 with 复审."
    )
    return_days: Days = Field(
        default=5, description="Working days to ask for the return of a wrong assignment."
    )
    contact_days: Days = Field(default=15, description="Working days to the first contact with the author.")
    reply_months: Months = Field(default=3, description="Months to the reply.")
    reply_months_most: Months = Field(default=6, description="Months to which a reply may be put off.")
    rating_days: Days = Field(default=15, description="Working days to rate a reply.")
    ask_again: AskAgain = Field(
        default=AskAgain.SUBSTANCE,
        description="After which changes of a text its co-signers confirm again: any, those of title, suggestions or "
        "attachments (substance), or never.",
    )
    hide_raters: bool = Field(
        default=False,
        description="Whether units never learn who rated how; else they do once the proposal is closed.",
    )
    letters: dict[ResultClass, Letter] = Field(
        default=LETTERS, description="The letter of each result class.", examples=[{"solved": "A"}]
    )

    @model_validator(mode="after")
    def _in_order(self) -> "ProposalRules":
        if self.reply_months_most < self.reply_months:
            raise ValueError("最长答复期限不能短于答复期限。")
        self.letters = LETTERS | self.letters
        return self

    @property
    def spans(self) -> Spans:
        """The lengths of the deadlines."""
        return Spans(
            self.return_days, self.contact_days, self.reply_months, self.reply_months_most, self.rating_days
        )
