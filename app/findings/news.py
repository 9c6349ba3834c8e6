"""The sentences by which members hear of their suggestions; those of steps stand in the life cycle."""

from app.core.lifecycle import Transition
from app.findings.lifecycle import FATE_LABELS, Fate, FindingState
from app.findings.queries import EXCERPT


def excerpt(body: str) -> str:
    """A suggestion in a sentence."""
    line = " ".join(body.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def of_note(body: str) -> str:
    """A suggestion was written down."""
    return f"您的建议“{excerpt(body)}”已经记录，将转有关单位研究"


def of_step(
    step: Transition[FindingState], body: str, unit: str, fate: str | None, reason: str | None
) -> str:
    """A step was taken of which authors hear."""
    label = FATE_LABELS[Fate(fate)] if fate else ""
    return step.news.format(title=excerpt(body), unit=unit, fate=label, reason=reason)
