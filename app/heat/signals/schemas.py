"""What signals say."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.heat.schemas import BoardSeat
from app.heat.signals.rules import SignalKind, Verb


class HeatSignal(BaseModel):
    """Something worth a look; it proves nothing by itself."""

    key: str = Field(description="Names it within its month.", examples=["pair:3-5"])
    kind: SignalKind
    kind_label: str = Field(examples=["两人频繁互相回应"])
    seats: list[BoardSeat] = Field(description="Whom it is about.")
    count: int = Field(description="Acts that make it.")
    starts_at: datetime
    ends_at: datetime
    acts: str = Field(
        description="Opens the acts.", examples=["/api/v1/heat-signals/acts?month=2026-11&key=pair:3-5"]
    )


class SignalAct(BaseModel):
    """One of the acts that make a signal."""

    at: datetime
    verb: Verb
    verb_label: str = Field(examples=["赞同"])
    by: BoardSeat
    to: BoardSeat | None = Field(description="For whom it was, if for anybody.")
    title: str = Field(description="What was posted or supported, in short.")
    path: str | None = Field(description="Opens it; null when it is no longer shown.")
    is_junk: bool = Field(description="Whether the text has no substance or repeats another one.")
