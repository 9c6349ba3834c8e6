"""Reads of lineage: the chain of a thing, and what came of the replies in a thread."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    cast,
    literal,
    select,
    union,
)

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core.errors import NotFound
from app.core.sql import AnyRow, table
from app.lineage import rules
from app.lineage.facts.queries import Fact, facts
from app.lineage.models import LineageLink
from app.lineage.nodes import LineageNode
from app.lineage.rules import DEPTH, LABELS, MOST_LINKS, LineageStep, Sight, Thing
from app.opinions.lifecycle import LABELS as OPINION_STATES
from app.proposals.lifecycle import LABELS as PROPOSAL_STATES
from app.proposals.models import Proposal
from app.threads.models import Reply
from app.threads.queries import visible_thread

_l, _a = table(LineageLink), table(Account)
_STATES: dict[str, Mapping[Any, str]] = {"opinion_report": OPINION_STATES, "proposal": PROPOSAL_STATES}
#: Who may link what comes of a seed, beside its author.
EDITORS = {"opinion_report": Permission.OPINION_EDIT, "proposal": Permission.PROPOSAL_REVIEW}


def named(thing: Thing) -> tuple[ColumnElement[str], ColumnElement[int]]:
    """A thing as columns of a statement."""
    return cast(literal(thing[0]), _l.c.to_type.type).label("type"), cast(
        literal(thing[1]), _l.c.to_id.type
    ).label("id")


#: The thing at hand, as the parameters of a statement that is built once.
GIVEN = bindparam("thing_type", type_=_l.c.to_type.type), bindparam("thing_id", type_=_l.c.to_id.type)


def given(thing: Thing) -> dict[str, Any]:
    """The parameters for a thing."""
    return {"thing_type": thing[0], "thing_id": thing[1]}


def upward() -> CTE:
    """The thing at hand and all that it came of, however far."""
    type_, id_ = GIVEN
    way = select(cast(type_, _l.c.to_type.type).label("type"), cast(id_, _l.c.to_id.type).label("id")).cte(
        "upward", recursive=True
    )
    return way.union(select(_l.c.from_type, _l.c.from_id).join(way, _came_to(way)))


def _came_to(way: CTE) -> ColumnElement[bool]:
    return (_l.c.to_type == way.c.type) & (_l.c.to_id == way.c.id)


def _came_from(way: CTE) -> ColumnElement[bool]:
    return (_l.c.from_type == way.c.type) & (_l.c.from_id == way.c.id)


_UPWARD = select(upward())


def _near(starts: Select[*tuple[Any, ...]], name: str) -> tuple[CTE, ColumnElement[bool]]:
    """Things (`root`, `type`, `id`, `depth` 0) as a way that may be gone on, while it is not too long."""
    way = starts.cte(name, recursive=True)
    return way, way.c.depth < DEPTH


def _upward(starts: Select[*tuple[Any, ...]]) -> CTE:
    way, near = _near(starts, "up")
    further = select(way.c.root, _l.c.from_type, _l.c.from_id, way.c.depth + 1)
    return way.union(further.join(way, _came_to(way) & near))


def _downward(starts: Select[*tuple[Any, ...]]) -> CTE:
    way, near = _near(starts, "down")
    further = select(way.c.root, _l.c.to_type, _l.c.to_id, way.c.depth + 1)
    return way.union(further.join(way, _came_from(way) & near))


def _steps(rows: Iterable[AnyRow]) -> list[LineageStep]:
    return [LineageStep(row.id, (row.from_type, row.from_id), (row.to_type, row.to_id)) for row in rows]


def steps_around(conn: Connection, start: Thing) -> list[LineageStep]:
    """The links of the chain that `start` stands in, upward and downward, the nearest first."""
    type_, id_ = named(start)
    starts = select(id_.label("root"), type_, id_, literal(0).label("depth"))
    up, down = _upward(starts), _downward(starts)
    columns = (_l.c.id, _l.c.from_type, _l.c.from_id, _l.c.to_type, _l.c.to_id)
    found = union(
        select(*columns, up.c.depth).join(up, _came_to(up)),
        select(*columns, down.c.depth).join(down, _came_from(down)),
    ).subquery()
    rows = conn.execute(select(found).order_by(found.c.depth, found.c.id).limit(MOST_LINKS))
    return list(dict.fromkeys(_steps(rows)))


def _sight(fact: Fact | None, *, seen: bool) -> Sight:
    if seen:
        return "open"
    return "veiled" if fact and fact.stands and not fact.draft else "passed"


def chain(conn: Connection, actor: Actor, start: Thing) -> dict[str, Any]:
    """What a thing came of and what came of it, as far as the actor may see; empty where it stands alone."""
    subjects.require(conn, actor, *start)
    steps = steps_around(conn, start)
    things = {thing for step in steps for thing in step[1:]}
    known, paths = facts(conn, things), subjects.paths(conn, actor, things)
    steps = rules.shown(steps, {thing: _sight(known.get(thing), seen=thing in paths) for thing in things})
    level = rules.levels(steps)
    order = sorted(level, key=lambda thing: (level[thing], known[thing].created_at, thing))
    places = {thing: n for n, thing in enumerate(order)}
    return {
        "nodes": [_node(known[thing], paths.get(thing)) | {"here": thing == start} for thing in order],
        "links": [
            {
                "id": step.link_id,
                "from_node": places[step.seed],
                "to_node": places[step.outcome],
                "may": ["remove"] if step.link_id and may_link(actor, known[step.outcome]) else [],
            }
            for step in sorted(steps, key=lambda step: (places[step.outcome], places[step.seed]))
        ],
    }


def may_link(actor: Actor, outcome: Fact) -> bool:
    """Whether the actor says what a thing came of: its author, and the staff who deal with it."""
    return outcome.account_id == actor.account_id or actor.may(EDITORS[outcome.type])


def _node(fact: Fact, path: str | None) -> dict[str, Any]:
    if path is None:
        closed = ("type", "title", "author_name", "at", "state_label", "path")
        return dict.fromkeys(closed) | {"type_label": "未公开"}
    return {
        "type": fact.type,
        "type_label": LABELS[fact.type],
        "title": " ".join((fact.title or "").split()),
        "author_name": fact.author_name,
        "at": fact.at or fact.created_at,
        "state_label": _STATES[fact.type][fact.state] if fact.state else None,
        "path": path,
    }


def outcomes(conn: Connection, actor: Actor, thread_id: int) -> list[dict[str, Any]]:
    """What came of the replies in a thread, as far as the actor may see, by reply and from the seed onward."""
    visible_thread(conn, actor, thread_id)
    r = table(Reply)
    starts = (
        select(
            r.c.id.label("root"), _l.c.from_type.label("type"), r.c.id.label("id"), literal(0).label("depth")
        )
        .join(_l, (_l.c.from_type == "reply") & (_l.c.from_id == r.c.id))
        .where(r.c.thread_id == thread_id, r.c.hidden_at.is_(None), r.c.deleted_at.is_(None))
        .distinct()
    )
    way = _downward(starts)
    further = select(way).where(way.c.depth > 0).order_by(way.c.root, way.c.depth, way.c.id)
    rows = conn.execute(further.limit(MOST_LINKS)).all()
    things = {(row.type, row.id) for row in rows}
    paths = subjects.paths(conn, actor, things)
    known = facts(conn, paths)
    found: dict[int, dict[Thing, dict[str, Any]]] = {}
    for row in rows:
        if path := paths.get((row.type, row.id)):
            found.setdefault(row.root, {})[row.type, row.id] = _node(known[row.type, row.id], path)
    return [{"reply_id": root, "nodes": list(nodes.values())} for root, nodes in found.items()]


def link(conn: Connection, actor: Actor, link_id: int) -> AnyRow:
    """A link whose outcome the actor may see; else `NotFound`."""
    found = select(_l).where(_l.c.id == link_id, _l.c.organization_id == actor.organization_id)
    row = conn.execute(found).one_or_none()
    if row is None:
        raise NotFound
    subjects.require(conn, actor, row.to_type, row.to_id)
    return row


def link_between(conn: Connection, seed: Thing, outcome: Thing) -> int:
    """The id of the link from a seed to what came of it."""
    columns = (_l.c.from_type, _l.c.from_id, _l.c.to_type, _l.c.to_id)
    ends = (column == value for column, value in zip(columns, (*seed, *outcome), strict=True))
    return int(conn.execute(select(_l.c.id).where(*ends)).scalar_one())


_LINKED = select(
    select(_l.c.id)
    .where(
        ((_l.c.from_type == GIVEN[0]) & (_l.c.from_id == GIVEN[1]))
        | ((_l.c.to_type == GIVEN[0]) & (_l.c.to_id == GIVEN[1]))
    )
    .exists()
)


def is_linked(conn: Connection, thing: Thing) -> bool:
    """Whether a thing came of another or led to one: asked before what is large is asked."""
    return bool(conn.scalar(_LINKED, given(thing)))


def closes_a_circle(conn: Connection, seed: Thing, outcome: Thing) -> bool:
    """Whether the seed itself came of the outcome."""
    return outcome in (tuple(row) for row in conn.execute(_UPWARD, given(seed)))


def place_of(conn: Connection, actor: Actor, seed: Thing) -> str:
    """Where a reply was said, or what a report is called; nothing for an update."""
    if seed[0] == "reply":
        thread_id = conn.scalar(select(table(Reply).c.thread_id).where(table(Reply).c.id == seed[1]))
        place = visible_thread(conn, actor, thread_id or 0).subject
        return f"{subjects.subject(place[0]).label}“{subjects.links(conn, actor, [place])[place].title}”"
    title = facts(conn, [seed])[seed].title
    if seed[0] == "matter":
        return f"“{title}”"
    return f"《{title}》" if seed[0] == "opinion_report" and title else ""


def own_draft(conn: Connection, actor: Actor, seed: Thing, kind: str) -> int | None:
    """A draft of `kind` which the actor has begun from a seed and not handed in."""
    mine = given(seed) | {"kind": kind, "account_id": actor.account_id}
    found: int | None = conn.scalar(_own_draft(), mine)
    return found


@cache
def _own_draft() -> Select[Any]:
    outcome = LineageNode("outcome", _l.c.to_type, _l.c.to_id)
    return (
        select(_l.c.to_id)
        .select_from(outcome.to(_l))
        .where(
            _l.c.from_type == GIVEN[0],
            _l.c.from_id == GIVEN[1],
            _l.c.to_type == bindparam("kind"),
            outcome.account_id == bindparam("account_id"),
            outcome.stands,
            outcome.draft,
        )
        .order_by(_l.c.id.desc())
        .limit(1)
    )


def came_of(conn: Connection, thing: Thing, kind: str) -> list[int]:
    """The ids of those of a kind that came of a thing at once."""
    at_once = (_l.c.from_type == thing[0], _l.c.from_id == thing[1], _l.c.to_type == kind)
    return list(conn.scalars(select(_l.c.to_id).where(*at_once).order_by(_l.c.id)))


def with_merged(conn: Connection, thing: Thing) -> list[Thing]:
    """A thing, and the proposals that were merged into it."""
    if thing[0] != "proposal":
        return [thing]
    p = table(Proposal)
    return [
        thing,
        *((thing[0], n) for n in conn.scalars(select(p.c.id).where(p.c.merged_into_id == thing[1]))),
    ]
