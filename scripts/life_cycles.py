"""Draw docs/life-cycles.md from the tables of transitions: `python scripts/life_cycles.py`."""

from pathlib import Path
from typing import Any

from app.archive import lifecycle as claims
from app.cases import lifecycle as cases
from app.consultations.matters import lifecycle as matters
from app.core.lifecycle import Lifecycle
from app.findings import lifecycle as findings
from app.opinions import lifecycle as opinions
from app.opinions.leads import lifecycle as leads
from app.outputs import lifecycle as outputs
from app.privacy import lifecycle as privacy
from app.projects import lifecycle as projects
from app.proposals import lifecycle as proposals
from app.proposals.assignments import lifecycle as handling
from app.proposals.talks import lifecycle as talks
from app.speeches import lifecycle as speeches
from app.speeches.calls import lifecycle as speech_calls

PAGE = Path(__file__).resolve().parent.parent / "docs" / "life-cycles.md"
CYCLES: dict[str, Lifecycle[Any]] = {
    "Proposals (提案)": proposals.LIFECYCLE,
    "The work of a unit on a proposal (承办)": handling.WORK,
    "The record of a talk with the author (面商)": talks.TALK,
    "Opinion reports (社情民意信息)": opinions.LIFECYCLE,
    "Leads (线索)": leads.LEAD_LIFECYCLE,
    "Claims of acts done elsewhere (履职申报)": claims.LIFECYCLES[claims.ClaimKind.CLAIM],
    "Appeals against records (记录申诉)": claims.LIFECYCLES[claims.ClaimKind.APPEAL],
    "Findings (意见建议)": findings.LIFECYCLE,
    "Outputs (成果件)": outputs.LIFECYCLE,
    "Cases (履职呼叫、企业问题)": cases.LIFECYCLE,
    "Projects (办实事项目)": projects.LIFECYCLE,
    "Matters (协商议题)": matters.LIFECYCLE,
    "Calls for speeches (大会发言征集)": speech_calls.LIFECYCLE,
    "Speeches (大会发言)": speeches.LIFECYCLE,
    "Requests about personal data (个人信息申请)": privacy.LIFECYCLE,
}
_HEAD = """# Life cycles

Drawn by `python scripts/life_cycles.py` from the tables in `app/*/lifecycle*.py`; a test holds them fresh.

A proposal that was handed to units stands where the answering unit stands that is furthest behind: `交办` leads
there. Staff may undo their last step with a reason; the track keeps both.

Behind an end nothing stays open: what waits for staff keeps a proposal from ending, what waits for others ends with it
([ADR 42](adr/0042-nothing-open-behind-a-closed-door.md)).
"""


def diagram(cycle: Lifecycle[Any]) -> str:
    """One state diagram: an arrow for each step between two states, its name on it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in cycle.transitions:
        for source in sorted(step.sources):
            arrows.setdefault((source, step.target), []).append(step.label)
    names = [f"    {state}: {label}" for state, label in cycle.labels.items()]
    lines = [f"    {a} --> {b}: {'、'.join(labels)}" for (a, b), labels in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, *lines, "```"])


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n## {title}\n\n{diagram(cycle)}\n" for title, cycle in CYCLES.items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
