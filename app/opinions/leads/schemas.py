"""What leads take and give."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.auth.strangers import Code
from app.core.language.text import DraftTitle, Input, Name, Post, Remark
from app.opinions.leads.lifecycle import LeadAction, LeadState, Source
from app.opinions.schemas import Id
from app.people.paper.schemas import PaperOut

_BODY = "What was seen or heard: where, when, who; plain text."


class LeadIn(Input):
    """What somebody with an account has noticed."""

    body: Post = Field(description=_BODY, examples=["城东三个小区的充电桩坏了两个多月……"])


class PublicLeadIn(LeadIn):
    """What a citizen has noticed."""

    organization_id: Id = Field(description="Who should hear of it.")
    name: Name | None = Field(default=None, description="How to call who hands it in; may be left out.")
    contact: Name | None = Field(
        default=None, description="Telephone or e-mail for questions; may be left out, erased after a time."
    )


class LeadCodeIn(Input):
    """The code of a receipt."""

    code: Code = Field(description="As it stands on the receipt.", examples=["K7MW-2XRT-Q5DH"])


class LeadTransitionIn(Input):
    """One step of a lead."""

    action: LeadAction = Field(description="One of the lead's `actions`.")
    reason: Remark | None = Field(default=None, description="Why; whoever handed it in reads it.")
    title: DraftTitle | None = Field(
        default=None, description="Title of the report that it becomes; its first words when left out."
    )


class PlaceOut(BaseModel):
    """An organization that takes leads."""

    id: int
    name: str = Field(examples=["政协云川市委员会"])


class ReceiptOut(BaseModel):
    """What a citizen keeps of a lead."""

    code: str = Field(description="Tells the state of the lead.", examples=["K7MW-2XRT-Q5DH"])
    received_at: datetime


class LeadStateOut(BaseModel):
    """What has become of a lead, for whoever has its code."""

    organization: str = Field(examples=["政协云川市委员会"])
    state: LeadState
    state_label: str = Field(examples=["已转为信息"])
    reason: str | None = Field(description="Why it was declined.")
    outcome: str | None = Field(
        description="What became of the report that was made of it.", examples=["已采用"]
    )
    received_at: datetime
    decided_at: datetime | None


class LeadActionOut(BaseModel):
    """A step that the caller may run now, and what it asks for."""

    action: LeadAction = Field(examples=["decline"])
    action_label: str = Field(examples=["不采用"])
    needs_reason: bool


class LeadOut(PaperOut):
    """A lead, for staff and for whoever handed it in with an account."""

    id: int
    state: LeadState
    state_label: str = Field(examples=["已收到"])
    source: Source
    source_label: str = Field(examples=["信息员"])
    body: str
    name: str | None = Field(description="Who handed it in, as far as is known.")
    seat_id: int | None
    code: str | None = Field(
        description="Of the receipt, for staff who entered it for somebody without an account."
    )
    contact: str | None = Field(description="Masked in lists; whole for staff who open the lead.")
    reason: str | None = Field(description="Why it was declined.")
    report_id: int | None = Field(description="The report made of it, if the caller may open it.")
    outcome: str | None = Field(description="What became of that report.", examples=["已采用"])
    received_at: datetime
    decided_at: datetime | None
    actions: list[LeadActionOut]
