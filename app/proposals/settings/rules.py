"""After which changes co-signers are asked again, and which parts of a text have changed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Part = Literal["title", "situation", "suggestions", "attachments"]
PART_LABELS: dict[Part, str] = {
    "title": "案由",
    "situation": "情况分析",
    "suggestions": "具体建议",
    "attachments": "附件",
}


class AskAgain(StrEnum):
    """After which changes those who signed are asked again."""

    ANY = "any"
    SUBSTANCE = "substance"
    NEVER = "never"


ASK_AGAIN_LABELS = {
    AskAgain.ANY: "改动任何一处",
    AskAgain.SUBSTANCE: "改动案由、具体建议或附件",
    AskAgain.NEVER: "不再确认",
}
_ASKED: dict[AskAgain, frozenset[Part]] = {
    AskAgain.ANY: frozenset(PART_LABELS),
    AskAgain.SUBSTANCE: frozenset({"title", "suggestions", "attachments"}),
    AskAgain.NEVER: frozenset(),
}


@dataclass(frozen=True)
class Wording:
    """A text as somebody signs it; `files` are the keys of its attachments, None where nobody noted them."""

    title: str
    situation: str
    suggestions: str
    files: frozenset[str] | None = None


def changes(signed: Wording, present: Wording) -> list[Part]:
    """The parts that differ; spaces and line breaks alone are no change."""
    found: list[Part] = [
        part
        for part in ("title", "situation", "suggestions")
        if getattr(signed, part).split() != getattr(present, part).split()
    ]
    if None not in {signed.files, present.files} and signed.files != present.files:
        found.append("attachments")
    return found


def asks(rule: AskAgain, changed: list[Part]) -> bool:
    """Whether whoever signed the text before these changes is asked again."""
    return not _ASKED[rule].isdisjoint(changed)


def in_words(changed: list[Part]) -> str:
    """案由、附件."""
    return "、".join(PART_LABELS[part] for part in changed)
