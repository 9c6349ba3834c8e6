"""What waits for the caller."""

from pydantic import BaseModel, Field

from app.auth.queues import DeskKind


class DeskEntry(BaseModel):
    """One queue: how much waits in it, and where it is listed."""

    key: str = Field(examples=["final_review"])
    label: str = Field(examples=["待复审"])
    desk: DeskKind
    desk_label: str = Field(examples=["提案工作"])
    count: int = Field(description="How many entries wait; the list at `path` holds exactly these.")
    late: int = Field(description="How many of them are overdue, or due within three days.")
    path: str = Field(examples=["/api/v1/proposals?scope=visible&waits_for=final_review"])


class DeskSum(BaseModel):
    """What waits at one desk. A thing counts once over all desks, at the one where it is the caller's own."""

    desk: DeskKind
    desk_label: str = Field(examples=["提案工作"])
    count: int = Field(description="How many different things wait at the desk.", examples=[12])
    late: int = Field(description="How many of them are overdue, or due within three days.", examples=[2])


class Desks(BaseModel):
    """All queues that are open to the caller, empty ones too, in the order of the desks."""

    items: list[DeskEntry]
    desks: list[DeskSum]
