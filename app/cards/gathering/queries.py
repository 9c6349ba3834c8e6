"""Reads of the facts of a card: twelve statements, one more where something is measured."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
)

from app.auth import subjects
from app.cards.facts import CardFacts, CardRecord, CardStep, Companion, FactsSpan, TopPost
from app.cards.format import SeatDict
from app.cards.gathering.writings import writings
from app.cards.queries import CardOwner
from app.core import clock
from app.core.sql import table
from app.deliberation.models import Topic
from app.duty.kinds import KINDS
from app.duty.measures import ledger
from app.duty.measures.rules import Amounts
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.heat.acts import EXCERPT, Acts
from app.heat.formula import HeatCalendar, Span
from app.people.models import (
    POST_LABELS,
    Committee,
    Person,
    Post,
    Seat,
    SeatCommittee,
)
from app.people.terms import end_of
from app.points import queries, scores
from app.points.engine.score import Duty
from app.proposals.models import ProposalSigner, ProposalStep
from app.threads.models import Reply, Thread

_d, _p, _r, _s, _t, _u = (table(model) for model in (DutyRecord, Person, Reply, Seat, Thread, Update))

_UNMEASURED: Amounts = {}
#: How many companions a card names.
COMPANIONS = 3
#: Kinds that make a proposal the one whose journey is told, best first.
_TELLING = ("proposal.commended", "proposal.marked_key", "proposal.filed", "proposal.submitted")


def facts(conn: Connection, whose: CardOwner, period: FactsSpan, today: date) -> CardFacts:
    """Everything that a card says, in twelve statements beside that of the owner."""
    everything = _records(conn, whose.seat_id)
    inside = [r for r in everything if period.year in (None, r.year)]
    span = Span("term", period.last, period.first, period.last, "")
    calendar = HeatCalendar(whose.zone, whose.years, ())
    acts = Acts(whose.seat_id, calendar, span, shown_only=False)
    replies, answers, supports = acts.replies(conn), acts.answers(conn), acts.supports(conn)
    best = _top_posts(conn, whose, period)
    star = _featured_proposal(inside)
    exchanged = Counter(
        a.other for a in (*replies, *answers, *supports) if a.other is not None and a.other != whose.seat_id
    )
    proposals = {r.subject[1] for r in inside if r.kind == "proposal.submitted"}
    cosigners = _cosigners(conn, whose.seat_id, proposals)
    return CardFacts(
        seat=_seat(conn, whose),
        period=period,
        today=today,
        held=(whose.first, whose.last),
        end=end_of(whose.end_kind, whose.last, whose.term_last, today),
        everything=everything,
        replies=replies,
        answers=answers,
        supports=supports,
        best_update=best.get("update"),
        best_opinion=best.get("reply"),
        journey_of=star,
        journey=_journey(conn, star, whose.zone) if star else (),
        cosigners=cosigners,
        partners=_named(conn, exchanged.most_common(COMPANIONS)),
        writings=writings(conn, whose.seat_id, period),
        minimums=_minimums(conn, whose, period),
    )


def _minimums(conn: Connection, whose: CardOwner, period: FactsSpan) -> Sequence[Duty]:
    """The minimum duties of a year as points say them; none where no ruleset is in force."""
    rules = queries.in_force(conn, whose.organization_id, period.year) if period.year else None
    scored = scores.scored(conn, rules, [whose.seat_id]) if rules else ()
    return [duty for _, score in scored for duty in score.minimums]


def _seat(conn: Connection, whose: CardOwner) -> SeatDict:
    c, k = table(SeatCommittee), table(Committee)
    committees = conn.scalars(
        select(k.c.name)
        .join(c, c.c.committee_id == k.c.id)
        .where(c.c.seat_id == whose.seat_id)
        .order_by(k.c.position, k.c.id)
    )
    return {
        "id": whose.seat_id,
        "name": whose.name,
        "sector": whose.sector,
        "committees": list(committees),
        "post": POST_LABELS[Post(whose.post)],
        "organization": whose.organization,
        "term": whose.term,
    }


@cache  # every domain has registered its subjects by the first card
def _titled_records() -> Select[Any]:
    """The live records of a seat with those titles of their subjects that everybody may read who sees a card."""
    joined: FromClause = _d
    titles: list[ColumnElement[str]] = []
    for kind in sorted({kind.subject_type for kind in KINDS.values()}):
        of = subjects.subject(kind).titles
        if isinstance(of, subjects.Titled) and of.public is not None:
            same = and_(_d.c.subject_type == kind, of.id == _d.c.subject_id)
            joined = joined.join(of.id.table, same, isouter=True)
            titles.append(of.public)
    return (
        select(
            _d.c.id,
            _d.c.kind,
            _d.c.occurred_on,
            _d.c.duty_year,
            _d.c.quantity,
            _d.c.subject_type,
            _d.c.subject_id,
            func.coalesce(*titles, ""),
        )
        .select_from(joined)
        .where(_d.c.seat_id == bindparam("seat_id"), _d.c.voided_at.is_(None))
        .order_by(_d.c.occurred_at, _d.c.id)
    )


def _records(conn: Connection, seat_id: int) -> list[CardRecord]:
    """All live records of a seat with the titles of their subjects, oldest first."""
    rows = conn.execute(_titled_records(), {"seat_id": seat_id}).all()
    amounts = ledger.read(conn, [row.id for row in rows if KINDS[row.kind].measures])
    return [
        CardRecord(
            kind, on, year, quantity, (subject_type, subject_id), title, amounts.get(record_id, _UNMEASURED)
        )
        for record_id, kind, on, year, quantity, subject_type, subject_id, title in rows
    ]


def _best(kind: str, of: FromClause, echo: ColumnElement[int], *which: ColumnElement[bool]) -> Select[Any]:
    """The one of a seat's shown texts of a period that found the most echo."""
    best = (
        select(
            literal(kind).label("type"),
            of.c.id,
            func.substr(of.c.body, 1, EXCERPT + 1).label("text"),
            echo.label("echo"),
            of.c.created_at.label("at"),
        )
        .where(
            of.c.seat_id == bindparam("seat_id"),
            of.c.created_at >= bindparam("since"),
            of.c.created_at < bindparam("before"),
            of.c.hidden_at.is_(None),
            of.c.deleted_at.is_(None),
            echo > 0,
            *which,
        )
        .order_by(echo.desc(), of.c.id)
        .limit(1)
    )
    return select(best.subquery())


_IN_TOPIC = exists().where(
    _t.c.id == _r.c.thread_id,
    _t.c.subject_type == "topic",
    table(Topic).c.id == _t.c.subject_id,
    table(Topic).c.invited_only.is_(False),
)
_GEMS = union_all(
    _best("update", _u, _u.c.support_count),
    _best("reply", _r, _r.c.echo_count, _r.c.parent_id.is_(None), _IN_TOPIC),
)


def _top_posts(conn: Connection, whose: CardOwner, period: FactsSpan) -> dict[str, TopPost]:
    """The update with the most support and the opinion with the most echo in a period, where there is any."""
    since = clock.day_starts(period.first, whose.zone)
    before = clock.day_starts(period.last + timedelta(days=1), whose.zone)
    rows = conn.execute(_GEMS, {"seat_id": whose.seat_id, "since": since, "before": before})
    return {
        r.type: TopPost(r.type, r.id, _cut(r.text), r.echo, clock.local_day(r.at, whose.zone)) for r in rows
    }


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip('，、；：。')}……"


def _featured_proposal(records: Sequence[CardRecord]) -> int | None:
    """The proposal whose journey is told: the latest of the best kind."""
    for kind in _TELLING:
        of_kind = [r for r in records if r.kind == kind]
        if of_kind:
            return of_kind[-1].subject[1]
    return None


def _journey(conn: Connection, proposal_id: int, zone: str) -> list[CardStep]:
    p = table(ProposalStep)
    rows = conn.execute(select(p.c.action, p.c.at).where(p.c.proposal_id == proposal_id).order_by(p.c.id))
    return [CardStep(r.action, clock.local_day(r.at, zone)) for r in rows]


def _cosigners(conn: Connection, seat_id: int, proposal_ids: set[int]) -> list[Companion]:
    """With whom a seat signed some proposals, most often first."""
    if not proposal_ids:
        return []
    g = table(ProposalSigner)
    rows = conn.execute(
        select(g.c.seat_id, _p.c.name, func.count().label("times"))
        .select_from(g.join(_s, _s.c.id == g.c.seat_id).join(_p, _p.c.id == _s.c.person_id))
        .where(g.c.proposal_id.in_(proposal_ids), g.c.seat_id != seat_id, g.c.state == "accepted")
        .group_by(g.c.seat_id, _p.c.name)
        .order_by(func.count().desc(), g.c.seat_id)
        .limit(COMPANIONS)
    )
    return [Companion(r.seat_id, r.name, r.times) for r in rows]


def _named(conn: Connection, most: Sequence[tuple[int, int]]) -> list[Companion]:
    """The most frequent seats with their names."""
    if not most:
        return []
    rows = conn.execute(
        select(_s.c.id, _p.c.name)
        .join(_p, _p.c.id == _s.c.person_id)
        .where(_s.c.id.in_([seat_id for seat_id, _ in most]))
    )
    names = {r.id: r.name for r in rows}
    return [Companion(seat_id, names[seat_id], times) for seat_id, times in most]
