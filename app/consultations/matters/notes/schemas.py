"""What notes of a matter take and give."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.language.text import Input, Post

#: The kind of duty of a note by a member.
DUTY = "matter.prepared"
FileKey = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


class NoteKind(StrEnum):
    """What was done for a matter."""

    VISIT = "visit"
    RESEARCH = "research"
    RETURN = "return"


NOTE_LABELS = {NoteKind.VISIT: "走访", NoteKind.RESEARCH: "调研", NoteKind.RETURN: "回访"}


class MatterNoteIn(Input):
    """What was seen and heard for a matter."""

    kind: NoteKind = Field(description="A visit, research, or a visit afterwards.")
    noted_on: date | None = Field(default=None, description="Local day; today when left out.")
    body: Post = Field(description="What was seen, heard and done.")
    pictures: list[FileKey] = Field(default_factory=list, max_length=9, description="My uploaded pictures.")


class MatterPicture(BaseModel):
    """A picture of a note; its bytes: `GET /api/v1/files/{key}`."""

    key: str
    width: int
    height: int


class MatterNoteOut(BaseModel):
    """A note of a matter; what was withdrawn is its author's alone."""

    id: int
    kind: NoteKind
    kind_label: str = Field(examples=["走访"])
    author: str
    noted_on: date
    body: str
    pictures: list[MatterPicture]
    withdrawn: bool
    actions: list[Literal["withdraw", "restore"]]
