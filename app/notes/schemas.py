"""What internal notes take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.auth.desks import SubjectName
from app.core.language.text import Input, Post

Account = Annotated[int, Field(ge=1, le=2**63 - 1)]
Verb = Literal["reply", "edit", "delete"]


class InternalNoteIn(Input):
    """A new note, or a reply to one."""

    subject: SubjectName = Field(
        description="What it is about: `kind:id`, of proposal, opinion_report, lead, claim, activity, topic.",
        examples=["proposal:12"],
    )
    body: Post = Field(description="At most 2,000 characters.", examples=["与去年第 27 号相近，请老王看看。"])
    parent_id: int | None = Field(
        default=None, ge=1, le=2**63 - 1, description="The note that it answers; replies are not answered."
    )
    mentions: list[Account] = Field(
        default_factory=list,
        max_length=20,
        description="Accounts of colleagues who are called by @, of those that `notes_list_colleagues` lists.",
    )


class NotePatch(Input):
    """A note as it should read."""

    body: Post = Field(description="At most 2,000 characters.", examples=["与去年第 27 号相近。"])
    mentions: list[Account] | None = Field(
        default=None, max_length=20, description="As when it was written; null leaves them as they are."
    )


class NoteAuthor(BaseModel):
    """An account of staff by name."""

    account_id: int
    name: str


class ReplyNote(BaseModel):
    """A note without what was answered to it."""

    id: int
    subject: str = Field(examples=["proposal:12"])
    parent_id: int | None
    author: NoteAuthor
    body: str = Field(description="Empty when it was deleted.")
    mentions: list[NoteAuthor]
    version: int = Field(description="For `If-Match`.")
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None = Field(description="Show the line “已删除” instead of the text.")
    may: list[Verb] = Field(description="What I may do with it.")


class InternalNoteOut(ReplyNote):
    """A note with its replies, oldest first."""

    replies: list[ReplyNote]


class NoteList(BaseModel):
    """All notes on a thing, oldest first: their number is bounded."""

    items: list[InternalNoteOut]


class Colleague(NoteAuthor):
    """Somebody who may be called by @."""

    offices: list[str] = Field(description="Names of the offices; none for staff of the whole secretariat.")


class ColleagueList(BaseModel):
    """Colleagues by name."""

    items: list[Colleague]
