"""One thing is one row: what derives from it is whole, and no client keeps its labels a second time."""

import ast
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from app.activities.attendance.sheet import _guessed
from app.activities.rules import KIND_LABELS, KIND_WORDS, ActivityKind
from app.auth.permissions import GRANTS, PAST, ROLE_LABELS, Role
from app.cards.format import SectionKind
from app.cards.sections.compose import SECTIONS
from app.choices.schemas import CHOICES
from app.cli.city.accounts import _ROLES
from app.duty.forms import ACTIVITIES
from app.proposals.lifecycle import LIFECYCLE, REVIEWERS, UNDER_REVIEW, ProposalState
from app.proposals.rules import may_file

ROOT = Path(__file__).parents[2]
SOURCES = [
    file
    for suffix in ("ts", "vue")
    for file in sorted((ROOT / "clients").glob(f"*/src/**/*.{suffix}"))
    if file.name != "schema.d.ts"
]


def copied(text: str, group: list[dict[str, Any]]) -> bool:
    """Whether a source gives more than half of a group's codes Chinese words of its own."""
    given = [
        one
        for one in group
        if re.search(rf"""(?<![\w.]){re.escape(one["code"])}"?(: |, label: )"[一-鿿]""", text)
    ]
    return len(given) * 2 > len(group)


def test_a_kind_of_activity_is_a_form_of_duty_and_told_by_its_own_label():
    assert set(ActivityKind) == set(ACTIVITIES) == set(KIND_WORDS)
    assert {kind: _guessed(label) for kind, label in KIND_LABELS.items()} == {
        kind: kind for kind in ActivityKind
    }


def test_each_section_of_the_card_has_its_place_and_no_function_is_left_out():
    assert [section.__name__ for section in SECTIONS] == list(get_args(SectionKind))
    written = {
        node.name
        for file in (ROOT / "app/cards/sections").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and [arg.arg for arg in node.args.args] == ["facts"]
        if node.returns and ast.unparse(node.returns).startswith("SectionDict")
    }
    assert {section.__name__ for section in SECTIONS} == written


def test_each_state_under_review_has_reviewers_and_may_be_filed():
    filed_from = {
        s for step in LIFECYCLE.transitions if step.target == ProposalState.FILED for s in step.sources
    }
    assert filed_from == UNDER_REVIEW == set(REVIEWERS)
    assert [state for state in ProposalState if may_file(state, 1)] == list(REVIEWERS)


def test_each_role_has_a_label_grants_and_a_way_to_be_given():
    assert set(Role) == set(ROLE_LABELS) == set(GRANTS)
    assert set(_ROLES) == set(Role) - PAST


@pytest.mark.parametrize("name", ["activity_kinds", "proposal_states", "roles", "record_kinds"])
def test_clients_take_the_labels_of_the_api(name):
    group = CHOICES.model_dump()[name]
    assert [
        file.relative_to(ROOT) for file in SOURCES if copied(file.read_text(encoding="utf-8"), group)
    ] == []
    second = ", ".join(f'{one["code"]}: "{one["label"]}"' for one in group)
    if "." not in group[0]["code"]:  # others need quotes as keys
        assert copied(second, group)
    assert copied(re.sub(r'([\w.]+): "', r'value: "\1", label: "', second), group)
