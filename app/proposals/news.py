"""The sentences by which those concerned hear of a proposal; those of its steps stand in the tables of steps."""

from datetime import date
from typing import Any

from app.core.lifecycle import Transition

#: What is told of a commitment, by what its unit wrote.
COMMITMENTS = {
    "progress": "{unit}对提案{title}的承诺有新进展：{said}",
    "kept": "{unit}对提案{title}的承诺已兑现：{said}",
    "postponed": "{unit}对提案{title}的承诺延期至{day}：{said}",
    "dropped": "{unit}对提案{title}的承诺终止：{said}",
}


def called(title: str) -> str:
    """A proposal in a sentence."""
    return f"《{title}》" if title else "（未命名提案）"


def of_step(step: Transition[Any], title: str, **about: Any) -> str:
    """A step of a life cycle was taken; `about` is what its sentence names."""
    return step.news.format(title=called(title), **about)


def of_talk(title: str, unit: str, phase: str, form: str) -> str:
    """A unit recorded a talk with the author."""
    return f"{unit}记录了{phase}与您的{form}沟通，提案人可以确认或提出异议：{called(title)}"


def of_commitment(action: str, title: str, unit: str, said: str, to: date | None) -> str:
    """A unit wrote about its commitment, or put it off `to` a day."""
    return COMMITMENTS[action].format(title=called(title), unit=unit, said=said, day=to or "")


def of_invitation(title: str, author: str, answer_by: date) -> str:
    """A member is asked to sign."""
    return f"{author}邀请您联名提案{called(title)}，请于{answer_by.month}月{answer_by.day}日前答复"


def of_change(title: str, changed: str) -> str:
    """A signer is asked to look at the text that changed since."""
    return f"您联名的提案{called(title)}修改了{changed}，请看过后再次确认"


def to_head(title: str, author: str, body: str) -> str:
    """The head of a body is asked to confirm what was written in its name."""
    return f"{author}以{body}名义起草了提案{called(title)}，请您确认"


def to_supervisor(title: str) -> str:
    """A leader is asked to look after a key proposal."""
    return f"请您督办重点提案{called(title)}"
