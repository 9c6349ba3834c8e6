"""What replies say and take."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.language.text import Input, Post, Remark
from app.threads.rules import Stage, Verb


class ReplyIn(Input):
    """A reply to the thread's subject, or to another reply."""

    body: Post = Field(
        description="Plain text, 1 to 2,000 characters.", examples=["赞成。建议先在老旧小区试点。"]
    )
    parent_id: int | None = Field(
        default=None,
        ge=1,
        le=2**63 - 1,
        description="The reply that is answered; it stands under its top-level reply.",
    )
    quote_id: int | None = Field(default=None, ge=1, le=2**63 - 1, description="A reply that is quoted.")
    mentions: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(
        default_factory=list, max_length=20, description="Seats named with @."
    )


class HideIn(Input):
    """Why staff hide something."""

    reason: Remark = Field(description="Everybody reads it.", examples=["含有他人联系方式"])


class Mentioned(BaseModel):
    """A member named with @."""

    seat_id: int
    name: str


class Quoted(BaseModel):
    """The quoted reply, in short."""

    id: int
    author_name: str
    excerpt: str = Field(description="Its first 80 characters; empty when it is no longer shown.")


class ReplyOut(BaseModel):
    """A reply as the reader may see it."""

    id: int
    thread_id: int
    parent_id: int | None = Field(description="Its top-level reply; null for a top-level one.")
    state: Stage
    state_label: str = Field(examples=["已隐藏"])
    body: str = Field(description="Empty unless shown; a hidden one is read by its author and by staff.")
    hidden_reason: str | None = Field(description="Why staff hid it.")
    seat_id: int | None = Field(description="The author's seat; null for staff.")
    author_name: str
    author_post: str | None
    author_post_label: str | None = Field(examples=["常务委员"])
    author_sector: str | None
    quote: Quoted | None
    mentions: list[Mentioned]
    created_at: datetime
    reply_count: int
    support_count: int
    supported: bool = Field(description="Whether I support it.")
    may: list[Verb] = Field(description="What I may do with it now; `reply` while the thread takes replies.")


class ThreadOut(BaseModel):
    """A thread and what it hangs on."""

    id: int
    subject_type: str = Field(examples=["topic"])
    subject_id: int
    path: str = Field(description="API path that opens the subject.", examples=["/api/v1/topics/7"])
    title: str = Field(description="Of the subject.", examples=["老旧小区加装电梯"])
    reply_count: int = Field(description="All replies shown in the thread.")
    may: list[Literal["reply"]] = Field(description="What I may do now.")


class PlacedReply(ReplyOut):
    """A reply with the thread in which it stands."""

    thread: ThreadOut


class ThreadPage(BaseModel):
    """A page of replies, with cursors in both directions."""

    items: list[ReplyOut]
    next: str | None = Field(description="Cursor of the page after the last item; null at the end.")
    previous: str | None = Field(description="Cursor of the page before the first item; null at the start.")
    reply_count: int = Field(description="All replies shown in the thread.")
    last_read_id: int = Field(description="Up to which reply I have read; 0 for nothing.")


class ThreadReadIn(Input):
    """I have read up to this reply."""

    last_reply_id: int = Field(description="The newest reply that I have read.", ge=1, le=2**63 - 1)


class SupportOut(BaseModel):
    """The support for something after the change."""

    support_count: int
    supported: bool


class Supporter(BaseModel):
    """A member who supports something."""

    seat_id: int
    author_name: str
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    at: datetime
