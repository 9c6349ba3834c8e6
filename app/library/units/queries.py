"""Reads for assigning: the units that may handle a proposal, with the reasons that speak for each."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.language.text import MOST
from app.core.sql import table
from app.library import queries
from app.library.schemas import SimilarIn
from app.library.similar.queries import alike
from app.people.models import Unit
from app.proposals import queries as proposals
from app.proposals.assignments.lifecycle import ANSWERING, DONE, GONE
from app.proposals.assignments.models import ProposalAssignment, ProposalDeadline
from app.proposals.handling.queries.deadlines import DeadlineStanding, standing_is
from app.proposals.models import Proposal

_p, _a, _u, _d = table(Proposal), table(ProposalAssignment), table(Unit), table(ProposalDeadline)
#: Units that are suggested, and earlier cases that are named for each.
_SHOWN, _CASES = 5, 3
#: What the author's own suggestion weighs, where an earlier case weighs its likeness (0 to 1).
_BY_AUTHOR = 1.0


def suggestions(conn: Connection, actor: Actor, proposal_id: int) -> dict[str, Any]:
    """Up to five units, the likeliest first: named by the author, or having handled what is like it."""
    of = select(_p.c.title, _p.c.suggested_unit_ids, queries.PROPOSAL_TEXT.label("text"))
    row = conn.execute(of.where(_p.c.id == proposal_id, proposals.visible_to(actor))).one_or_none()
    if row is None:
        raise NotFound
    typed = SimilarIn(title=row.title, text=row.text[:MOST])
    cases = {
        case["subject_id"]: case
        for case in alike(conn, actor, typed)
        if case["subject_type"] == "proposal" and case["subject_id"] != proposal_id
    }
    handled = _handled(conn, cases)
    named = set(row.suggested_unit_ids or [])
    at_work = set(
        conn.scalars(select(_a.c.unit_id).where(_a.c.proposal_id == proposal_id, _a.c.state.not_in(GONE)))
    )
    weights = {
        unit: (_BY_AUTHOR if unit in named else 0) + sum(cases[case]["similarity"] for case in handled[unit])
        for unit in (named | set(handled)) - at_work
    }
    likeliest = sorted(weights, key=lambda unit: (-weights[unit], unit))[:_SHOWN]
    names, loads = _names(conn, actor, likeliest), _loads(conn, actor, likeliest)
    items = []
    for unit in likeliest:
        if unit in names:
            known = [cases[case] for case in handled[unit]][:_CASES]
            item = {
                "unit_id": unit,
                "unit_name": names[unit],
                "suggested_by_author": unit in named,
                "cases": [
                    {"id": case["subject_id"]}
                    | {name: case[name] for name in ("title", "number", "window_name", "similarity")}
                    for case in known
                ],
                "case_count": len(handled[unit]),
                "open_count": loads[unit][0],
                "overdue_count": loads[unit][1],
            }
            items.append(item | {"reason": _reason(item)})
    return {"items": items}


def _handled(conn: Connection, cases: Collection[int]) -> dict[int, list[int]]:
    """The earlier cases that each unit answered, the likest first."""
    rows = conn.execute(
        select(_a.c.unit_id, _a.c.proposal_id).where(
            _a.c.proposal_id.in_(cases), _a.c.state.not_in(GONE), _a.c.role.in_(ANSWERING)
        )
    )
    by: defaultdict[int, list[int]] = defaultdict(list)
    order = list(cases)
    for row in sorted(rows, key=lambda row: order.index(row.proposal_id)):
        by[row.unit_id].append(row.proposal_id)
    return by


def _names(conn: Connection, actor: Actor, units: Collection[int]) -> dict[int, str]:
    found = select(_u.c.id, _u.c.name).where(
        _u.c.id.in_(units), _u.c.organization_id == actor.organization_id
    )
    return {row.id: row.name for row in conn.execute(found)}


def _loads(conn: Connection, actor: Actor, units: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many shares of proposals each unit has open, and how many of these are overdue."""
    late = select(_d.c.id).where(
        _d.c.assignment_id == _a.c.id, standing_is(DeadlineStanding.OVERDUE, actor.today)
    )
    rows = conn.execute(
        select(
            _a.c.unit_id,
            func.count().label("open"),
            func.count().filter(late.exists()).label("overdue"),
        )
        .where(_a.c.unit_id.in_(units), _a.c.state.not_in(DONE))
        .group_by(_a.c.unit_id)
    )
    counts = {row.unit_id: (row.open, row.overdue) for row in rows}
    return {unit: counts.get(unit, (0, 0)) for unit in units}


def _reason(item: dict[str, Any]) -> str:
    """Why a unit is suggested, as one Chinese sentence."""
    parts = ["提案人建议由该单位承办"] if item["suggested_by_author"] else []
    if item["case_count"]:
        first = item["cases"][0]
        parts.append(f"办理过{item['case_count']}件相近的提案，如《{first['title']}》")
    if item["open_count"]:
        late = f"，其中{item['overdue_count']}件已超期" if item["overdue_count"] else ""
        parts.append(f"目前在办{item['open_count']}件{late}")
    else:
        parts.append("目前没有在办的提案")
    return "；".join(parts) + "。"
