"""Every kind of notification is one whole row of the table, and every text that tells somebody names one."""

from pathlib import Path
from typing import get_type_hints

import pytest

from app.archive.lifecycle import ClaimAction
from app.cases.lifecycle import LIFECYCLE as CASES
from app.consultations.matters.lifecycle import LIFECYCLE as MATTERS
from app.demo.city.bell import Bell
from app.findings.lifecycle import LIFECYCLE as FINDINGS
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, notify_seats
from app.opinions.leads.lifecycle import LeadAction
from app.opinions.news import STEPS as OPINIONS
from app.outputs.lifecycle import NEWS as OUTPUTS
from app.privacy.lifecycle import RequestState as PersonalState
from app.proposals.assignments.lifecycle import WORK
from app.proposals.lifecycle import LIFECYCLE as PROPOSALS
from app.proposals.lifecycle import MARK_STEPS
from app.proposals.news import COMMITMENTS
from app.proposals.steps import tell_signers, tell_staff, tell_units
from app.proposals.talks.lifecycle import TalkAction
from app.speeches.lifecycle import LIFECYCLE as SPEECHES

ROOT = Path(__file__).parents[2]
#: Kinds that are put together from a step.
BUILT = {
    *(f"proposal.{step.action}" for step in PROPOSALS.transitions if step.news),
    *(f"proposal.{step.action}" for step in WORK.transitions if step.news),
    *(f"proposal.{action}" for action, _ in MARK_STEPS.values()),
    *(f"proposal.signature_{state}" for state in ("accepted", "declined")),
    *(f"proposal.{action}" for action in TalkAction),
    *(f"commitment.{action}" for action in COMMITMENTS),
    *(f"opinion.{action}" for action in OPINIONS),
    *(f"lead.{action}" for action in LeadAction),
    *(f"claim.{action}" for action in ClaimAction if action is not ClaimAction.WITHDRAW),
    *(f"finding.{step.action}" for step in FINDINGS.transitions if step.news),
    *(f"output.{action}" for action in OUTPUTS),
    "output.undo",
    *(f"case.{step.action}" for step in CASES.transitions if step.news),
    *(f"speech.{step.action}" for step in SPEECHES.transitions if step.news),
    *(f"matter.{step.action}" for step in MATTERS.transitions if step.news),
    *(
        f"personal_request.{state}"
        for state in (PersonalState.ACCEPTED, PersonalState.DECLINED, PersonalState.DONE)
    ),
}
_MADE = NoticeKind.__dict__["_new_member_"]


def sources() -> str:
    return "\n".join(
        f.read_text() for f in (ROOT / "app").rglob("*.py") if f.parts[-2:] != ("notifications", "kinds.py")
    )


@pytest.mark.parametrize("kind", sorted(BUILT))
def test_a_kind_that_a_step_makes_is_in_the_table(kind):
    assert NoticeKind.known(kind), f"{kind} is told, and has no row in app/notifications/kinds.py"


def test_every_kind_is_whole_and_told_somewhere():
    text, nouns = sources(), {kind.value.split(".")[0] for kind in NoticeKind}
    for kind in NoticeKind:
        assert kind.label.strip(), kind.value
        assert kind.audience, kind.value
        assert not (kind.optional and kind.blind), f"{kind.value}: who lost something must hear of it"
        assert kind.value in BUILT or f"NoticeKind.{kind.name}" in text, f"{kind.value} is told by nobody"
    assert len({kind.label for kind in NoticeKind}) == len(NoticeKind), "two kinds have the same label"
    icons = (ROOT / "clients/mobile/src/features/notifications/notices.ts").read_text()
    assert [noun for noun in sorted(nouns) if f"  {noun}: " not in icons] == [], "kinds without an icon"


def test_what_tells_somebody_takes_a_row_of_the_table_not_its_name():
    """mypy refuses a name, and so a typo."""
    for tells in (notify, notify_seats, tell_signers, tell_staff, tell_units, Bell.ring):
        assert get_type_hints(tells)["kind"] is NoticeKind, tells


def test_a_mark_that_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="optionl"):
        _MADE(NoticeKind, "a.b", "标签", frozenset(), "optionl")


def test_what_has_no_row_is_not_told():
    with pytest.raises(LookupError, match=r"reply\.shouted"):
        NoticeKind.of("reply.shouted")
