"""Every kind of notification is one whole row of the table, and every text that tells somebody names one."""

import ast
from itertools import chain
from pathlib import Path

import pytest

from app.archive.lifecycle import Action as ClaimAction
from app.notifications.kinds import NoticeKind
from app.opinions.lifecycle_leads import LeadAction
from app.opinions.service_steps import _NEWS as OPINIONS
from app.privacy.lifecycle import RequestState as PersonalState
from app.proposals.lifecycle import MARK_STEPS
from app.proposals.service import _NEWS as PROPOSALS
from app.proposals.service_commitments import _NEWS as COMMITMENTS
from app.proposals.service_work import _NEWS as WORK
from app.proposals.talks.lifecycle import TalkAction

ROOT = Path(__file__).parents[2]
#: Kinds that are put together from a step.
BUILT = {
    *(f"proposal.{action}" for action in chain(PROPOSALS, WORK)),
    *(f"proposal.{action}" for action, _ in MARK_STEPS.values()),
    *(f"proposal.signature_{state}" for state in ("accepted", "declined")),
    *(f"proposal.{action}" for action in TalkAction),
    *(f"commitment.{action}" for action in COMMITMENTS),
    *(f"opinion.{action}" for action in OPINIONS),
    *(f"lead.{action}" for action in LeadAction),
    *(f"claim.{action}" for action in ClaimAction if action is not ClaimAction.WITHDRAW),
    *(
        f"personal_request.{state}"
        for state in (PersonalState.ACCEPTED, PersonalState.DECLINED, PersonalState.DONE)
    ),
}
TELLING = {"notify", "_tell", "_tell_joined", "tell_signers", "tell_staff", "tell_units", "ring"}


_MADE = NoticeKind.__dict__["_new_member_"]


def literals() -> set[str]:
    """Every `noun.verb` in a file that tells somebody of something."""
    found = set()
    for file in (ROOT / "app").rglob("*.py"):
        tree = ast.parse(file.read_text())
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in TELLING]
        for node in chain.from_iterable(ast.walk(call) for call in calls):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(".") == 1:
                found.add(node.value)
    return found


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


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
        assert kind.value in BUILT or f'"{kind.value}"' in text, f"{kind.value} is told by nobody"
    assert len({kind.label for kind in NoticeKind}) == len(NoticeKind), "two kinds have the same label"
    icons = (ROOT / "clients/mobile/src/notices.ts").read_text()
    assert [noun for noun in sorted(nouns) if f"  {noun}: " not in icons] == [], "kinds without an icon"


def test_what_is_told_names_a_kind_of_the_table():
    nouns = {kind.value.split(".")[0] for kind in NoticeKind}
    said = {name for name in literals() if name.split(".")[0] in nouns and not name.endswith(".")}
    assert said
    assert {name for name in said if not NoticeKind.known(name)} == set()


def test_a_mark_that_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="optionl"):
        _MADE(NoticeKind, "a.b", "标签", frozenset(), "optionl")


def test_what_has_no_row_is_not_told():
    with pytest.raises(LookupError, match=r"reply\.shouted"):
        NoticeKind.of("reply.shouted")
