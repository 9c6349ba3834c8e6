from datetime import date

from app.proposals import rules
from app.proposals.assignments.lifecycle import AssignmentState, state_of
from app.proposals.lifecycle import (
    AUDIENCE,
    DECLINE_REASONS,
    LABELS,
    LIFECYCLE,
    ON_FILE,
    Audience,
    ProposalAction,
    ProposalState,
)


def test_every_state_has_a_name_and_an_audience():
    assert set(LABELS) == set(AUDIENCE) == set(ProposalState)
    assert all(LABELS.values())
    assert ProposalState.FILED in ON_FILE
    assert ProposalState.CLOSED in ON_FILE
    assert not ON_FILE & {
        ProposalState.DRAFT,
        ProposalState.DECLINED,
        ProposalState.RETURNED,
        ProposalState.SUBMITTED,
    }
    assert AUDIENCE[ProposalState.DRAFT] is Audience.SIGNERS


def test_every_action_has_a_step_and_every_step_an_action():
    assert {t.action for t in LIFECYCLE.transitions} == set(ProposalAction)
    assert len(DECLINE_REASONS) == 10


def test_every_state_is_reachable_from_a_draft():
    by_units = {state_of([work], rounds) for work in AssignmentState for rounds in (1, 2)}
    reached = {
        ProposalState.DRAFT,
        ProposalState.RATED,
    } | by_units  # signers and units lead there, beside the table
    while more := {t.target for t in LIFECYCLE.transitions if t.sources & reached} - reached:
        reached |= more
    assert reached == set(ProposalState)


def test_the_day_to_answer():
    today = date(2026, 3, 1)
    assert rules.answer_day(today, None) == date(2026, 3, 8)
    assert rules.answer_day(today, today) == today
    assert rules.answer_day(today, date(2026, 2, 28)) is None
    assert rules.answer_day(today, date(2026, 4, 30)) == date(2026, 4, 30)
    assert rules.answer_day(today, date(2026, 5, 1)) is None


def test_the_customary_title_is_advice():
    assert rules.advice("关于修缮古桥的建议", publish_consent=False) == []
    assert rules.advice("修缮古桥", publish_consent=True) == ["案由一般写成“关于……的建议”。"]
    assert rules.advice("关于修缮古桥的建议", publish_consent=None) == ["请说明是否同意公开提案内容。"]
