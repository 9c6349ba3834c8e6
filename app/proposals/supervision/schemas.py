"""Leaders who may supervise, and what they look after."""

from datetime import date

from pydantic import BaseModel, Field

from app.proposals.lifecycle import ProposalState


class SupervisedProposal(BaseModel):
    """A key proposal that a leader looks after."""

    id: int
    number: int | None
    title: str
    state: ProposalState
    state_label: str = Field(examples=["办理中"])
    month: date | None = Field(description="First day of its supervision month (督办月).")


class SupervisorOut(BaseModel):
    """A leader in office, with what is theirs to look after in a year."""

    account_id: int
    name: str = Field(examples=["林川"])
    proposals: list[SupervisedProposal] = Field(
        description="Of a month of that year; without a month those that are not closed."
    )
