"""What presence takes and gives."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.auth.desks import SubjectName
from app.core.language.text import Input


class PresenceIn(Input):
    """What I have open now."""

    subject: SubjectName = Field(
        description="`kind:id` of proposal, opinion_report, lead, claim, activity, topic.",
        examples=["proposal:12"],
    )
    editing: bool = Field(default=False, description="Whether I am writing in it.")


class Present(BaseModel):
    """Somebody else who has a thing open."""

    subject: str = Field(examples=["proposal:12"])
    account_id: int
    name: str
    since: datetime
    editing: bool


class PresentList(BaseModel):
    """Who else is there, first come first."""

    items: list[Present]
