"""Reads of deeds: what claims of projects brought into the ledger, seen by whoever may see the project."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from app.archive.models import Claim
from app.archive.project_deeds import BROUGHT_IN
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.paging import PageRows, after, before, decode_cursor, page
from app.core.sql import table
from app.duty.forms import FORM_LABELS
from app.duty.measures import ledger
from app.duty.measures.rules import Measure, all_written
from app.duty.models import DutyMeasure, DutyRecord, OutsideAct
from app.people.models import Seat
from app.people.queries import author_columns, join_author
from app.projects.models import Project
from app.projects.queries import visible_to
from app.projects.rules import DEED

_c, _d, _p, _s = table(Claim), table(DutyRecord), table(Project), table(Seat)
_x, _m = table(OutsideAct), table(DutyMeasure)
#: The records of deeds, with claim, project and seat.
RECORDS: FromClause = (
    _c.join(_p, _p.c.id == _c.c.project_id).join(_d, BROUGHT_IN).join(_s, _s.c.id == _d.c.seat_id)
)


class DeedFilter(NamedTuple):
    """Which deeds a list holds; `year` is a duty year."""

    project_id: int | None = None
    campaign: str | None = None
    body_id: int | None = None
    place: str | None = None
    sector_id: int | None = None
    seat_id: int | None = None
    year: int | None = None
    measure: Measure | None = None

    def path(self, what: str = "", **more: Any) -> str:
        """The list of the same deeds, narrowed by `more`."""
        asked = {name: value for name, value in (self._asdict() | more).items() if value is not None}
        return f"/api/v1/deeds{what}?{urlencode(asked)}".rstrip("?")


def which(actor: Actor, wanted: DeedFilter) -> list[ColumnElement[bool]]:
    """The records of the deeds of a list, as conditions on `RECORDS`."""
    columns = {
        "project_id": _p.c.id,
        **{name: _p.c[name] for name in ("campaign", "body_id", "place")},
        "sector_id": _s.c.sector_id,
        "seat_id": _d.c.seat_id,
        "year": _d.c.duty_year,
    }
    same = [visible_to(actor), _d.c.kind == DEED, _d.c.voided_at.is_(None)]
    same += [
        column == value for name, column in columns.items() if (value := getattr(wanted, name)) is not None
    ]
    if wanted.measure is not None:
        same.append(ledger.having(wanted.measure))
    return same


def amounts(
    conn: Connection, same: list[ColumnElement[bool]], key: ColumnElement[Any]
) -> dict[Any, dict[Measure, int]]:
    """What came of deeds by a key: of each deed the largest amount of each measure, so that none counts twice."""
    of_each = (
        select(key.label("key"), _d.c.subject_id, _m.c.measure, func.max(_m.c.amount).label("amount"))
        .select_from(RECORDS.join(_m, _m.c.record_id == _d.c.id))
        .where(*same)
        .group_by(key, _d.c.subject_id, _m.c.measure)
        .subquery()
    )
    rows = conn.execute(
        select(of_each.c.key, of_each.c.measure, func.sum(of_each.c.amount)).group_by(
            of_each.c.key, of_each.c.measure
        )
    )
    found: dict[Any, dict[Measure, int]] = defaultdict(dict)
    for key_of, measure, amount in rows:
        found[key_of][Measure(measure)] = int(amount)
    return found


def page_of_deeds(
    conn: Connection, actor: Actor, wanted: DeedFilter, cursor: str | None, limit: int
) -> PageRows:
    """Deeds, the latest first, each once with those who took part."""
    columns = [_x.c[name] for name in ("id", "title", "form", "held_on", "place")]
    of_project = [_p.c.id, _p.c.title, _p.c.campaign]
    found = (
        select(*columns, *(one.label(f"project_{one.name}") for one in of_project))
        .select_from(RECORDS.join(_x, _x.c.id == _d.c.subject_id))
        .where(*which(actor, wanted))
        .group_by(*columns, *of_project)
    )
    if cursor:
        found = found.where(before([_x.c.held_on, _x.c.id], decode_cursor(cursor, date, int)))
    found = found.order_by(_x.c.held_on.desc(), _x.c.id.desc()).limit(limit + 1)
    rows = page([dict(row) for row in conn.execute(found).mappings()], limit, ["held_on", "id"])
    of_these = [*which(actor, wanted), _d.c.subject_id.in_([row["id"] for row in rows["items"]])]
    members = _members(conn, actor, of_these)
    measured = amounts(conn, of_these, _d.c.subject_id)
    rows["items"] = [
        {
            "id": row["id"],
            "title": row["title"],
            "form_label": FORM_LABELS.get(row["form"]),
            "on": row["held_on"],
            "place": row["place"],
            "project_id": row["project_id"],
            "project": row["project_title"],
            "campaign": row["project_campaign"],
            "members": members[row["id"]],
            "measures": all_written(measured.get(row["id"], {})),
            "path": f"/api/v1/outside-acts/{row['id']}",
        }
        for row in rows["items"]
    ]
    return rows


def _members(
    conn: Connection, actor: Actor, of_these: Collection[ColumnElement[bool]]
) -> dict[int, list[dict[str, Any]]]:
    """Who took part in some deeds, by act."""
    name, _, _, sector = author_columns("")
    rows = conn.execute(
        select(_d.c.subject_id, _d.c.seat_id, _c.c.id, _c.c.account_id, name, sector)
        .select_from(_named())
        .where(*of_these)
        .order_by(_d.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        seen = actor.may(Permission.DUTY_RECORD) or row.account_id == actor.account_id
        member = {"seat_id": row.seat_id, "name": row.name, "sector": row.sector}
        found[row.subject_id].append(member | {"claim_path": f"/api/v1/claims/{row.id}" if seen else None})
    return found


def _named() -> FromClause:
    """`RECORDS` with names and sectors of the members."""
    joined = _c.join(_p, _p.c.id == _c.c.project_id).join(_d, BROUGHT_IN)
    return join_author(joined, _d.c.seat_id)


def page_of_members(
    conn: Connection, actor: Actor, wanted: DeedFilter, cursor: str | None, limit: int
) -> PageRows:
    """Members who took part in deeds, those with the most first."""
    name, _, _, sector = author_columns("")
    deeds = (-func.count(_d.c.subject_id.distinct())).label("order")
    found: Select[Any] = (
        select(_d.c.seat_id, name, sector, deeds)
        .select_from(_named())
        .where(*which(actor, wanted))
        .group_by(_d.c.seat_id, name, sector)
    )
    if cursor:
        found = found.having(after([deeds.element, _d.c.seat_id], decode_cursor(cursor, int, int)))
    rows = conn.execute(found.order_by(deeds, _d.c.seat_id).limit(limit + 1)).mappings()
    pages = page([dict(row) for row in rows], limit, ["order", "seat_id"])
    for row in pages["items"]:
        row |= {"deeds": -row.pop("order"), "path": wanted.path(seat_id=row["seat_id"])}
    return pages
