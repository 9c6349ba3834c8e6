"""Chains of the demo city: what was said in a topic or reported became a report or a proposal on the same concern."""

from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.core.sql import table
from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.world import World
from app.demo.language.text import themes
from app.lineage.credit.queries import TAKEN_UP, credits_of, due
from app.lineage.models import LineageLink
from app.lineage.rules import LABELS
from app.notifications.kinds import NoticeKind
from app.opinions.lifecycle import OpinionAction
from app.opinions.models import OpinionReport, OpinionStep
from app.proposals.lifecycle import ON_FILE
from app.proposals.models import Proposal, ProposalStep
from app.threads.models import Reply, Thread

#: Chains at scale 1, and fewest; how long a remark is remembered, and how long one is that says something.
_CHAINS, _FEWEST, _REMEMBERED, _LENGTH = 60, 6, timedelta(days=300), 40
_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class _Said:
    """A remark or a text: whose, when it was said or begun, what it names; of a text also its title and fate."""

    type: str
    id: int
    seat_id: int
    at: datetime
    concerns: frozenset[str]
    title: str = ""
    taken_up: datetime | None = None
    last_step: datetime | None = None


def fill(world: World) -> None:
    """Link some texts to what others had said before, those of the host first, with credit and word of it."""
    world.rows.flush()
    conn, new_id = world.rows.conn, world.rows.ids(LineageLink)
    remarks, reports, proposals = (_read(conn, *of) for of in (_remarks(), _reports(), _proposals()))
    add = world.rows.into(LineageLink, "id organization_id from_type from_id to_type to_id at account_id")
    most = max(_FEWEST, round(_CHAINS * len(remarks + reports + proposals) / 10_000))
    grown: dict[tuple[str, int], _Said] = {}
    for texts, seeds, share in ((reports, remarks, most // 3), (proposals, remarks + reports, most)):
        heard, outcomes = _by_concern(seeds), set(grown.values())
        for text in sorted(texts, key=lambda text: (text.seat_id != world.host + 1, -text.at.timestamp())):
            seed = _seed_of(text, heard, grown, outcomes)
            if seed is None:
                continue
            grown[seed.type, seed.id] = text
            outcomes.add(text)
            by = text.seat_id if seed.type == "reply" else world.staff[0]
            add((new_id(), ORGANIZATION_ID, seed.type, seed.id, text.type, text.id, text.at, by))
            if len(grown) >= share:
                break
    world.rows.flush()
    for kind, seed_type, seed_id, seat_id in sorted(credits_of(conn, due())):
        _credit(world, kind, (seed_type, seed_id), seat_id - 1, grown[seed_type, seed_id])


def _by_concern(seeds: list[_Said]) -> dict[str, list[_Said]]:
    """Seeds by what they name, oldest first: at a hundred times the size most have nothing to do with a text."""
    found: dict[str, list[_Said]] = {}
    for seed in sorted(seeds, key=_at):
        for concern in seed.concerns:
            found.setdefault(concern, []).append(seed)
    return found


def _seed_of(
    text: _Said,
    heard: dict[str, list[_Said]],
    grown: Container[tuple[str, int]],
    outcomes: Container[_Said],
) -> _Said | None:
    """What somebody else said before, not long ago, that names what the text names: best a report of such a remark."""
    recent = [
        seed
        for concern in sorted(text.concerns)
        for said in [heard.get(concern, [])]
        for seed in said[
            bisect_right(said, text.at - _REMEMBERED, key=_at) : bisect_left(said, text.at, key=_at)
        ]
        if seed.seat_id != text.seat_id and (seed.type, seed.id) not in grown
    ]
    return max(
        recent,
        key=lambda seed: (
            seed in outcomes,
            seed.type == "reply",
            len(seed.concerns & text.concerns),
            seed.at,
        ),
        default=None,
    )


def _credit(world: World, kind: str, seed: tuple[str, int], seat: int, text: _Said) -> None:
    at, news = (
        (text.taken_up, "已立案" if text.type == "proposal" else "已签发")
        if kind == TAKEN_UP
        else (text.last_step, "已办理落实")
    )
    assert at is not None  # noqa: S101 - what is credited was taken up
    moment, is_open = int(at.timestamp()), text.type == "proposal"
    world.record(seat, kind, seed[1], moment, subject_type=seed[0], by=world.staff[0])
    what = f"提案《{text.title}》" if is_open else "一篇社情民意信息"
    line = f"由您的{LABELS[seed[0]]}引出的{what}{news}"
    world.bell.ring([seat], NoticeKind.of(kind), line, (text.type, text.id) if is_open else seed, moment)


@cache
def _words() -> list[str]:
    return [str(thing[0]) for theme in themes() for thing in theme.rules["thing"]]


def _read(conn: Connection, kind: str, rows: Select[Any]) -> list[_Said]:
    """Rows of id, seat, moment, text, title and what became of it, as things that were said."""
    return [
        _Said(kind, id, seat, at, concerns, *fate)
        for id, seat, at, text, *fate in conn.execute(rows)
        if (concerns := frozenset(word for word in _words() if word in text))
    ]


def _remarks() -> tuple[str, Select[Any]]:
    r, t = table(Reply), table(Thread)
    said = select(r.c.id, r.c.seat_id, r.c.created_at, r.c.body).join(t, t.c.id == r.c.thread_id)
    return "reply", said.where(
        t.c.subject_type == "topic",
        r.c.parent_id.is_(None),
        r.c.seat_id.is_not(None),
        func.length(r.c.body) >= _LENGTH,
    ).order_by(r.c.id)


def _reports() -> tuple[str, Select[Any]]:
    o, s = table(OpinionReport), table(OpinionStep)
    issued = (s.c.report_id == o.c.id) & (s.c.action == OpinionAction.ISSUE)
    columns = (o.c.id, o.c.seat_id, o.c.created_at, o.c.title + o.c.body, o.c.title, s.c.at, s.c.at)
    return "opinion_report", select(*columns).join(s, issued).where(o.c.seat_id.is_not(None)).order_by(o.c.id)


def _proposals() -> tuple[str, Select[Any]]:
    p, s = table(Proposal), table(ProposalStep)
    last = select(func.max(s.c.at)).where(s.c.proposal_id == p.c.id).scalar_subquery()
    text = p.c.title + p.c.situation + p.c.suggestions
    columns = (p.c.id, p.c.seat_id, p.c.created_at, text, p.c.title, p.c.filed_at, last)
    return "proposal", select(*columns).where(p.c.state.in_(ON_FILE)).order_by(p.c.id)
