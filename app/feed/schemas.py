"""What updates say and take."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Input, Line, Post
from app.feed.rules import Verb


class UpdateKind(StrEnum):
    """The kind of duty that an update tells of."""

    RESEARCH = "research"
    VISIT = "visit"
    STUDY = "study"
    CHARITY = "charity"
    MEETING = "meeting"
    WORK = "work"
    OTHER = "other"


KIND_LABELS = {
    UpdateKind.RESEARCH: "调研视察",
    UpdateKind.VISIT: "走访群众",
    UpdateKind.STUDY: "学习交流",
    UpdateKind.CHARITY: "公益服务",
    UpdateKind.MEETING: "参加会议",
    UpdateKind.WORK: "岗位建功",
    UpdateKind.OTHER: "其他",
}

FileKey = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


class UpdateIn(Input):
    """A new update."""

    body: Post = Field(
        description="Plain text, 1 to 2,000 characters.", examples=["今天走访了滨江社区的三户老人。"]
    )
    kind: UpdateKind = Field(description="Kind of duty.", examples=["visit"])
    place: Line | None = Field(default=None, description="Where, in words.", examples=["滨江社区"])
    pictures: list[FileKey] = Field(
        default_factory=list, max_length=9, description="Keys of my uploaded pictures, in order."
    )


class UpdateEdit(Input):
    """A change of an update's text, within 30 minutes of posting."""

    body: Post = Field(description="Plain text, 1 to 2,000 characters.")
    kind: UpdateKind = Field(description="Kind of duty.")
    place: Line | None = Field(default=None, description="Where, in words.")


class Picture(BaseModel):
    """A picture; its bytes are at `/api/v1/files/{key}`, a small one at `/api/v1/files/{key}/thumbnail`."""

    key: str
    width: int
    height: int


class UpdateOut(BaseModel):
    """An update as the reader may see it."""

    id: int
    kind: UpdateKind
    kind_label: str = Field(examples=["走访群众"])
    body: str
    place: str | None
    pictures: list[Picture]
    seat_id: int
    author_name: str
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    thread_id: int
    reply_count: int
    support_count: int
    supported: bool = Field(description="Whether I support it.")
    may: list[Verb] = Field(description="What I may do with it now; `edit` ends 30 minutes after posting.")
    created_at: datetime
    edited_at: datetime | None


class FeedPage(BaseModel):
    """A page of the feed, newest first."""

    items: list[UpdateOut]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class FeedState(BaseModel):
    """What is new in the circle for me."""

    last_update_id: int = Field(description="Up to which update I have seen; 0 for none.")
    unread: int = Field(description="Updates of others since then, at most 99.")


class SeenIn(Input):
    """I have seen the circle up to this update."""

    last_update_id: int = Field(description="The newest update that I have seen.", ge=1, le=2**63 - 1)
