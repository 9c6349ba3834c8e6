"""What the agenda and the papers of an activity say and take."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input, Line, Title
from app.files.schemas import FileOut

_Time = Annotated[Line, StringConstraints(max_length=30)]
_Speaker = Annotated[Line, StringConstraints(max_length=60)]


class AgendaLine(Input):
    """An item of the agenda."""

    time: _Time = Field(default="", description="As it is to be read.", examples=["9:00", "第二天上午"])
    title: Title = Field(description="What it is about.", examples=["听取常务委员会工作报告"])
    speaker: _Speaker = Field(default="", description="Who speaks or reports.", examples=["李建国主席"])


class PaperFile(Input):
    """A paper: a file under a title."""

    title: Title = Field(description="On one line.", examples=["常务委员会工作报告（讨论稿）"])
    file_key: str = Field(
        description="Key of my uploaded file, or of one that is a paper here already.",
        max_length=32,
        pattern=r"^[A-Za-z0-9_-]+$",
    )


Agenda = Annotated[list[AgendaLine], Field(max_length=100)]
Papers = Annotated[list[PaperFile], Field(max_length=50)]


class AgendaItemOut(BaseModel):
    """An item of the agenda, in order."""

    time: str
    title: str
    speaker: str


class ActivityPaperOut(BaseModel):
    """A paper of an activity, with its file."""

    title: str
    file: FileOut
