"""Every code that clients offer or show, with its Chinese label."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, Field

from app.activities import rules as activities
from app.archive import lifecycle as claims
from app.auth.permissions import ROLE_LABELS
from app.cases import lifecycle as case_cycle
from app.cases import rules as cases
from app.consultations.matters import lifecycle as matters
from app.consultations.matters.notes.schemas import NOTE_LABELS
from app.consultations.venues import rules as venues
from app.deliberation import rules as deliberation
from app.duty.kinds import KINDS
from app.duty.measures.rules import MEASURES
from app.duty.records import ROLE_LABELS as RECORD_ROLES
from app.duty.records import SOURCE_LABELS
from app.duty.schemas import OutsideKind
from app.feed.schemas import KIND_LABELS as UPDATE_KINDS
from app.heat import formula
from app.opinions import lifecycle as opinions
from app.opinions.figures.queries import FIGURE_LABELS
from app.opinions.leads import lifecycle as leads
from app.people.bodies.rules import BODY_LABELS
from app.people.models import LEVEL_LABELS, POST_LABELS, UNIT_LABELS
from app.proposals import lifecycle as proposals
from app.proposals import rules as proposal_rules
from app.proposals.assignments import lifecycle as handling
from app.speeches import lifecycle as speeches
from app.speeches import rules as speech_rules
from app.speeches.calls import lifecycle as speech_calls


class Choice(BaseModel):
    """A code and what people call it."""

    code: str = Field(examples=["visit"])
    label: str = Field(examples=["走访群众"])


class FormChoice(Choice):
    """A form of acts of one kind."""

    kind: str = Field(examples=["service.rendered"])
    kind_label: str = Field(examples=["服务群众"])


class MeasureChoice(Choice):
    """A measure of acts, and the kinds that take it; amounts are whole, `per_unit` of them make one unit."""

    kinds: list[str] = Field(examples=[["service.rendered"]])
    unit: str = Field(examples=["元"])
    per_unit: int = Field(examples=[100])
    step: int = Field(description="Amounts are multiples of this.", examples=[1])
    most: int


class Choices(BaseModel):
    """The codes of each kind, in the order in which they are offered."""

    update_kinds: list[Choice]
    topic_states: list[Choice]
    proposal_kinds: list[Choice]
    proposal_states: list[Choice]
    proposal_categories: list[Choice] = Field(description="Customary ones; any other words are taken too.")
    decline_reasons: list[Choice]
    proposal_results: list[Choice]
    opinion_states: list[Choice]
    opinion_kinds: list[Choice]
    opinion_tiers: list[Choice]
    opinion_figures: list[Choice]
    lead_states: list[Choice]
    lead_sources: list[Choice]
    case_kinds: list[Choice]
    case_states: list[Choice]
    case_judgements: list[Choice]
    problem_classes: list[Choice] = Field(description="What companies' problems are about.")
    speech_states: list[Choice]
    speech_call_states: list[Choice]
    speech_forms: list[Choice]
    venue_levels: list[Choice]
    venue_kinds: list[Choice]
    matter_states: list[Choice]
    matter_sources: list[Choice]
    matter_note_kinds: list[Choice]
    activity_kinds: list[Choice]
    attendance_states: list[Choice]
    record_kinds: list[Choice]
    record_roles: list[Choice]
    record_sources: list[Choice]
    outside_kinds: list[Choice] = Field(description="What may be claimed or recorded by hand.")
    outside_forms: list[FormChoice] = Field(description="The forms of these kinds; kinds without have none.")
    outside_measures: list[MeasureChoice] = Field(description="What acts of a kind may say came of them.")
    claim_kinds: list[Choice]
    claim_states: list[Choice]
    levels: list[Choice]
    posts: list[Choice]
    roles: list[Choice]
    unit_kinds: list[Choice]
    body_kinds: list[Choice]
    board_windows: list[Choice]
    boards: list[Choice]


def _choices(labels: Mapping[Any, str]) -> list[Choice]:
    return [Choice(code=str(code), label=label) for code, label in labels.items()]


CHOICES = Choices(
    update_kinds=_choices(UPDATE_KINDS),
    topic_states=_choices(deliberation.STATE_LABELS),
    proposal_kinds=_choices(proposal_rules.KIND_LABELS),
    proposal_states=_choices(proposals.LABELS),
    proposal_categories=_choices({name: name for name in proposal_rules.CATEGORIES}),
    decline_reasons=_choices(proposals.DECLINE_REASONS),
    proposal_results=_choices(handling.RESULT_LABELS),
    opinion_states=_choices(opinions.LABELS),
    opinion_kinds=_choices(opinions.KIND_LABELS),
    opinion_tiers=_choices(opinions.TIER_LABELS),
    opinion_figures=_choices(FIGURE_LABELS),
    lead_states=_choices(leads.LEAD_LABELS),
    lead_sources=_choices(leads.SOURCE_LABELS),
    case_kinds=_choices(cases.KIND_LABELS),
    case_states=_choices(case_cycle.LIFECYCLE.labels),
    case_judgements=_choices(cases.JUDGEMENT_LABELS),
    problem_classes=_choices(cases.PROBLEM_LABELS),
    speech_states=_choices(speeches.LIFECYCLE.labels),
    speech_call_states=_choices(speech_calls.LIFECYCLE.labels),
    speech_forms=_choices(speech_rules.FORM_LABELS),
    venue_levels=_choices(venues.LEVEL_LABELS),
    venue_kinds=_choices(venues.KIND_LABELS),
    matter_states=_choices(matters.LIFECYCLE.labels),
    matter_sources=_choices(matters.SOURCE_LABELS),
    matter_note_kinds=_choices(NOTE_LABELS),
    activity_kinds=_choices(activities.KIND_LABELS),
    attendance_states=_choices(activities.STATE_LABELS),
    record_kinds=_choices({kind.name: kind.label for kind in KINDS.values()}),
    record_roles=_choices(RECORD_ROLES),
    record_sources=_choices(SOURCE_LABELS),
    outside_kinds=_choices({name: KINDS[name].label for name in get_args(OutsideKind)}),
    outside_forms=[
        FormChoice(kind=kind, kind_label=KINDS[kind].label, code=code, label=label)
        for kind in get_args(OutsideKind)
        for code, label in KINDS[kind].forms.items()
    ],
    outside_measures=[
        MeasureChoice(
            code=measure,
            kinds=[kind.name for kind in KINDS.values() if measure in kind.measures],
            **{name: getattr(rule, name) for name in ("label", "unit", "per_unit", "step", "most")},
        )
        for measure, rule in MEASURES.items()
    ],
    claim_kinds=_choices(claims.KIND_LABELS),
    claim_states=_choices(claims.STATE_LABELS),
    levels=_choices(LEVEL_LABELS),
    posts=_choices(POST_LABELS),
    roles=_choices(ROLE_LABELS),
    unit_kinds=_choices(UNIT_LABELS),
    body_kinds=_choices(BODY_LABELS),
    board_windows=_choices(formula.WINDOW_LABELS),
    boards=_choices(formula.BOARD_LABELS),
)
