"""What windows of submission take and give."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.core.language.text import Input, Moment, Name


class WindowIn(Input):
    """A period in which proposals may be submitted."""

    name: Name = Field(description="As it stands in lists.", examples=["五届二次会议提案"])
    opens_at: Moment = Field(description="From when on proposals may be submitted.")
    closes_at: Moment = Field(description="Until when.")


class WindowPatch(Input):
    """What to change of a window; what is left out stays."""

    name: Name | None = Field(default=None, description="As it stands in lists.")
    opens_at: Moment | None = Field(default=None, description="From when on proposals may be submitted.")
    closes_at: Moment | None = Field(default=None, description="Until when.")


class WindowOut(BaseModel):
    """A window; `is_open` at the moment of the answer."""

    id: int
    name: str
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    last_number: int = Field(description="The last official number given, 0 before the first.")
