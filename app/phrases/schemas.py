"""What phrases say and take."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, field_validator

from app.core.language.text import Input, Line
from app.phrases.kinds import PhraseKind

#: Of one kind: more than these nobody reads at the foot of a document.
MOST = 30
Phrase = Annotated[Line, StringConstraints(min_length=1)]


class PhrasesIn(Input):
    """The phrases of a kind of decision from now on, in their order."""

    texts: list[Phrase] = Field(
        max_length=MOST, description="All of them, each once.", examples=[["请补充具体的事例和数据。"]]
    )

    @field_validator("texts")
    @classmethod
    def _each_once(cls, texts: list[str]) -> list[str]:
        if len(set(texts)) < len(texts):
            raise ValueError("有重复的常用语")
        return texts


class PhrasesOut(BaseModel):
    """The phrases of my organization for a kind of decision."""

    kind: PhraseKind
    kind_label: str = Field(examples=["提案退回修改"])
    texts: list[str]
    version: int = Field(description="For `If-Match`; 0 while the start set holds.")
    may_change: bool


class PhrasesList(BaseModel):
    """All kinds of decisions that are mine to take."""

    items: list[PhrasesOut]
