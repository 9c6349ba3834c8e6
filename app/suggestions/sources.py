"""The suggestions of each source as rows of the same columns, of which one list is made.

A member has what they wrote or signed, handed in, and may still see; times are those of the last change that they were
told of.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.auth.actor import Actor
from app.core.sql import alias, table
from app.deliberation.models import Topic
from app.deliberation.queries import visible_to as visible_topics
from app.findings import queries as findings
from app.findings.lifecycle import TAKEN_UP, TOLD, Fate, FindingState
from app.findings.models import Finding, FindingStep
from app.opinions.lifecycle import OpinionState
from app.opinions.models import OpinionReport, OpinionStep
from app.opinions.queries import visible_to as visible_opinions
from app.people.models import Unit
from app.proposals import queries as proposals
from app.proposals.assignments.lifecycle import ResultClass
from app.proposals.assignments.models import ProposalCommitment
from app.proposals.handling.queries.commitments import CommitmentState
from app.proposals.lifecycle import LIFECYCLE, ProposalState
from app.proposals.models import Proposal, ProposalStep
from app.suggestions.rules import Stage, SuggestionSource
from app.threads.models import Reply, Thread

_f, _ft, _u = table(Finding), table(FindingStep), table(Unit)
_p, _pt, _c = table(Proposal), table(ProposalStep), table(ProposalCommitment)
_main = alias(_p, "main")
_o, _ot = table(OpinionReport), table(OpinionStep)
_r, _h, _t = table(Reply), table(Thread), table(Topic)
_answer = alias(_r, "answer")

_NOTHING = null().cast(String)
#: Steps of which authors hear.
_TOLD = [step.action for step in LIFECYCLE.transitions if step.news]
_NOT_HANDED_IN = (ProposalState.DRAFT, ProposalState.CONFIRMING)


def _row(
    source: SuggestionSource, subject_id: ColumnElement[int], at: ColumnElement[Any], *further: Any
) -> Select[Any]:
    """The columns of every source; `further` are stage, title, state, fate, unit and result."""
    names = ("stage", "title", "state", "fate", "unit", "result")
    labelled = [column.label(name) for name, column in zip(names, further, strict=True)]
    return select(literal(source.value).label("source"), subject_id.label("id"), at.label("at"), *labelled)


def _stage(adopted: ColumnElement[bool], refused: ColumnElement[bool]) -> ColumnElement[str]:
    return case(
        (adopted, literal(Stage.ADOPTED.value)),
        (refused, literal(Stage.REFUSED.value)),
        else_=literal(Stage.OPEN.value),
    )


def _findings(actor: Actor) -> Select[Any]:
    released = _f.c.state == FindingState.RELEASED
    told = select(func.max(_ft.c.at)).where(_ft.c.finding_id == _f.c.id, _ft.c.action.in_(TOLD))
    stage = _stage(
        released & _f.c.fate.in_(TAKEN_UP),
        (released & (_f.c.fate == Fate.REFUSED)) | (_f.c.state == FindingState.DISCARDED),
    )
    seen = [case((released, column)) for column in (_f.c.fate, func.coalesce(_f.c.result, _f.c.reason))]
    row = _row(
        SuggestionSource.FINDING,
        _f.c.id,
        func.coalesce(told.scalar_subquery(), _f.c.created_at),
        *(stage, func.substr(_f.c.body, 1, 200), _f.c.state, seen[0], _u.c.name, seen[1]),
    )
    joined = _f.outerjoin(_u, _u.c.id == _f.c.unit_id)
    return row.select_from(joined).where(findings.visible_to(actor), findings.own(actor))


def _mine(actor: Actor) -> ColumnElement[bool]:
    handed_in = _p.c.state.not_in(_NOT_HANDED_IN) & _p.c.submitted_at.is_not(None)
    return and_(proposals.visible_to(actor), proposals.insider(actor), handed_in)


def _proposals(actor: Actor) -> Select[Any]:
    # what was merged into another fares as that one
    replied, told, closed = (
        case((_p.c.state == ProposalState.MERGED, _main.c[name]), else_=_p.c[name])
        for name in ("result_class", "replied_at", "closed_at")
    )
    result = case((told.is_not(None), replied))
    stage = _stage(
        result == ResultClass.SOLVED,
        (result == ResultClass.FOR_REFERENCE) | (_p.c.state == ProposalState.DECLINED),
    )
    step = (
        select(func.max(_pt.c.at))
        .where(_pt.c.proposal_id == _p.c.id, _pt.c.action.in_(_TOLD))
        .scalar_subquery()
    )
    reached = func.coalesce(closed, told, _p.c.filed_at, _p.c.submitted_at)
    at = case((step > reached, step), else_=reached)
    further = (stage, _p.c.title, _p.c.state, result, _NOTHING, _NOTHING)
    row = _row(SuggestionSource.PROPOSAL, _p.c.id, at, *further)
    joined = _p.outerjoin(_main, _main.c.id == _p.c.merged_into_id)
    # what was converted is listed as the report that it became
    return row.select_from(joined).where(_mine(actor), _p.c.state != ProposalState.CONVERTED)


def _commitments(actor: Actor) -> Select[Any]:
    stage = _stage(_c.c.state == CommitmentState.KEPT, _c.c.state == CommitmentState.DROPPED)
    at = func.coalesce(_c.c.ended_at, _c.c.created_at)
    further = (stage, _c.c.body, _c.c.state, _NOTHING, _NOTHING, _p.c.title)
    row = _row(SuggestionSource.COMMITMENT, _c.c.id, at, *further)
    stands = _c.c.state != CommitmentState.REPLACED
    return row.select_from(_c.join(_p, _p.c.id == _c.c.proposal_id)).where(_mine(actor), stands)


def _opinions(actor: Actor) -> Select[Any]:
    last = select(func.max(_ot.c.at)).where(_ot.c.report_id == _o.c.id).scalar_subquery()
    stage = _stage(_o.c.state == OpinionState.ADOPTED, _o.c.state == OpinionState.SHELVED)
    further = (stage, _o.c.title, _o.c.state, _NOTHING, _NOTHING, _o.c.tier)
    own = (_o.c.account_id == actor.account_id) & _o.c.seat_id.is_not(None)
    row = _row(SuggestionSource.OPINION, _o.c.id, func.coalesce(last, _o.c.submitted_at), *further)
    handed_in = (_o.c.state != OpinionState.DRAFT) & _o.c.submitted_at.is_not(None)
    return row.where(visible_opinions(actor), own, handed_in)


def _replies(actor: Actor) -> Select[Any]:
    """Replies in topics that the secretariat answered, unless they went on as the member's own finding."""
    answered = _answered()
    in_topic = (_h.c.id == _r.c.thread_id) & (_h.c.subject_type == "topic")
    joined = (
        _r.join(answered, answered.c.reply_id == _r.c.id)
        .join(_answer, _answer.c.id == answered.c.last_id)
        .join(_h, in_topic)
        .join(_t, _t.c.id == _h.c.subject_id)
    )
    further = (
        *(literal(Stage.OPEN.value), func.substr(_r.c.body, 1, 200), literal("answered")),
        *(_NOTHING, _NOTHING, func.substr(_answer.c.body, 1, 200)),
    )
    row = _row(SuggestionSource.REPLY, _r.c.id, _answer.c.created_at, *further)
    noted = exists().where(_f.c.reply_id == _r.c.id, findings.own(actor))
    own = _r.c.seat_id.in_(actor.seat_ids) if actor.seat_ids else false()
    shown = (_r.c.deleted_at.is_(None), _r.c.hidden_at.is_(None))
    return row.select_from(joined).where(own, visible_topics(actor), ~noted, *shown)


def _answered() -> Subquery:
    """What the secretariat answered, with its last answer: to whom it quotes, else to whom it stands under."""
    to = func.coalesce(_answer.c.quote_id, _answer.c.parent_id)
    shown = (_answer.c.deleted_at.is_(None), _answer.c.hidden_at.is_(None))
    last = select(to.label("reply_id"), func.max(_answer.c.id).label("last_id"))
    return last.where(_answer.c.seat_id.is_(None), to.is_not(None), *shown).group_by(to).subquery("answered")


def suggestions(actor: Actor) -> Any:
    """All suggestions of a member, as one table."""
    found = (_findings, _proposals, _opinions, _replies, _commitments)
    return union_all(*(rows(actor) for rows in found)).subquery("suggestion")
