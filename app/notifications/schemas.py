"""What notifications say and take."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.core.text import Input


class NotificationOut(BaseModel):
    """One thing the reader should know."""

    id: int
    kind: str = Field(description="`noun.verb`.", examples=["reply.received"])
    title: str = Field(examples=["周岚回复了您的动态"])
    subject_type: str
    subject_id: int
    path: str | None = Field(
        description="API path that opens the subject; null when it may no longer be seen."
    )
    at: datetime
    read_at: datetime | None


class Unread(BaseModel):
    """How many are not read."""

    count: int


class ReadUpTo(Input):
    """Everything up to this id has been read."""

    up_to: int = Field(ge=1, le=2**63 - 1)
