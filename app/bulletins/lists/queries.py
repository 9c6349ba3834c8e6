"""The lists that figures of a bulletin open: records, what they are about, members, and who has duties left."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.bulletins import rules
from app.bulletins.counting import SUBJECT, RecordSelection, selected, sitting
from app.bulletins.figures import BULLETINS, figure
from app.bulletins.models import BulletinProposal, BulletinSeat
from app.bulletins.queries import frozen, left_behind, require
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.paging import PageRows, after, before, decode_cursor, page
from app.core.sql import AnyRow, table
from app.duty.kinds import KINDS
from app.duty.measures import ledger
from app.duty.measures.rules import Amounts, all_written
from app.duty.models import DutyRecord
from app.duty.records import ROLE_LABELS
from app.people.queries import named

_d, _s, _p = table(DutyRecord), table(BulletinSeat), table(BulletinProposal)


def _seat(row: Mapping[str, Any]) -> dict[str, Any]:
    return named(row["seat_id"], row["name"], row["sector"], row["post"])


def _opened(
    conn: Connection, actor: Actor, bulletin_id: int, wanted: RecordSelection
) -> tuple[AnyRow, RecordSelection]:
    """The bulletin's row, and what is wanted of it: of its own year if none is named."""
    row = require(conn, actor, bulletin_id)
    if not rules.opens(actor, wanted.kind):
        raise Forbidden("这类履职不公开到人。", code="kind_closed")
    wanted = wanted._replace(year=wanted.year or row.duty_year)
    if wanted.year not in {row.duty_year, row.duty_year - 1}:
        raise Invalid("通报里只有本年和上年的数字。", code="other_year")
    return row, wanted


def page_of_records(
    conn: Connection, actor: Actor, bulletin_id: int, wanted: RecordSelection, cursor: str | None, limit: int
) -> PageRows:
    """The records that a figure counts, newest first; those that were voided since say so."""
    row, wanted = _opened(conn, actor, bulletin_id, wanted)
    return _records(conn, actor, row, wanted.year, selected(frozen(row), wanted), cursor, limit)


def page_of_done(
    conn: Connection, actor: Actor, bulletin_id: int, seat_id: int, duty: str, cursor: str | None, limit: int
) -> PageRows:
    """The records that a member has towards a minimum duty that is left."""
    row = require(conn, actor, bulletin_id)
    found = select(_s.c.unmet).where(*left_behind(row), _s.c.seat_id == seat_id)
    left = next((each for each in conn.scalar(found) or () if each["id"] == duty), None)
    if left is None:
        raise NotFound
    return _records(conn, actor, row, row.duty_year, [_d.c.id.in_(left["records"])], cursor, limit)


def _records(
    conn: Connection,
    actor: Actor,
    row: AnyRow,
    year: int,
    only: list[Any],
    cursor: str | None,
    limit: int,
) -> PageRows:
    names = ("id", "kind", "role", "quantity", "subject_type", "subject_id", "voided_at", "seat_id")
    seat = (_s.c.bulletin_id == row.id) & (_s.c.duty_year == year) & (_s.c.seat_id == _d.c.seat_id)
    query = (
        select(
            *(_d.c[name] for name in names), _d.c.occurred_on.label("on"), _s.c.name, _s.c.post, _s.c.sector
        )
        .join(_s, seat)
        .where(*only)
    )
    keys = [_d.c.occurred_on, _d.c.id]
    if cursor:
        query = query.where(before(keys, decode_cursor(cursor, date, int)))
    found = [
        dict(r) for r in conn.execute(query.order_by(*(k.desc() for k in keys)).limit(limit + 1)).mappings()
    ]
    rows = page(found, limit, ["on", "id"])
    links = subjects.links(conn, actor, {(r["subject_type"], r["subject_id"]) for r in rows["items"]})
    amounts = ledger.read(conn, [r["id"] for r in rows["items"] if KINDS[r["kind"]].measures])
    rows["items"] = [_record(each, links, amounts.get(each["id"], {})) for each in rows["items"]]
    return rows


def _record(
    row: dict[str, Any], links: dict[tuple[str, int], subjects.Link], amounts: Amounts
) -> dict[str, Any]:
    link = links.get((row["subject_type"], row["subject_id"]))
    return {
        "id": row["id"],
        "kind": row["kind"],
        "kind_label": KINDS[row["kind"]].label,
        "role": row["role"],
        "role_label": ROLE_LABELS[row["role"]],
        "on": row["on"],
        "quantity": row["quantity"],
        "unit": KINDS[row["kind"]].quantity_unit,
        "measures": all_written(amounts),
        "seat": _seat(row),
        "title": link.title if link else subjects.subject(row["subject_type"]).label,
        "path": link and link.path,
        "voided": row["voided_at"] is not None,
    }


def page_of_subjects(
    conn: Connection, actor: Actor, bulletin_id: int, wanted: RecordSelection, cursor: str | None, limit: int
) -> PageRows:
    """What the records of a figure are about, each once, the latest first."""
    row, wanted = _opened(conn, actor, bulletin_id, wanted)
    names, latest = (_d.c.subject_type, _d.c.subject_id), func.max(_d.c.id).label("latest")
    of_each = (
        select(*names, func.count().label("records"), func.max(_d.c.occurred_on).label("on"), latest)
        .where(*selected(frozen(row), wanted))
        .group_by(*names, SUBJECT)
        .subquery()
    )
    query, keys = select(of_each), [of_each.c.on, of_each.c.latest]
    if cursor:
        query = query.where(before(keys, decode_cursor(cursor, date, int)))
    query = query.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    rows = page([dict(r) for r in conn.execute(query).mappings()], limit, ["on", "latest"])
    links = subjects.links(conn, actor, {(r["subject_type"], r["subject_id"]) for r in rows["items"]})
    rows["items"] = [
        {
            "subject_type": each["subject_type"],
            "subject_id": each["subject_id"],
            "title": link.title if link else subjects.subject(each["subject_type"]).label,
            "path": link and link.path,
            "on": each["on"],
            "records": each["records"],
        }
        for each in rows["items"]
        for link in [links.get((each["subject_type"], each["subject_id"]))]
    ]
    return rows


def page_of_members(
    conn: Connection, actor: Actor, bulletin_id: int, wanted: RecordSelection, cursor: str | None, limit: int
) -> PageRows:
    """The members of a figure in the order of the roster, with their points, and how much they did of the kind."""
    row, wanted = _opened(conn, actor, bulletin_id, wanted)
    of = frozen(row)
    columns = [_s.c[name] for name in ("seat_id", "place", "name", "post", "sector", "days", "points")]
    query: Select[Any] = select(*columns).where(*sitting(of, wanted))
    if wanted.kind is not None:
        did = (
            select(_d.c.seat_id, func.count().label("records"))
            .where(*selected(of, wanted))
            .group_by(_d.c.seat_id)
            .subquery()
        )
        query = query.join(did, did.c.seat_id == _s.c.seat_id).add_columns(did.c.records)
    keys = [_s.c.place, _s.c.seat_id]
    if cursor:
        query = query.where(after(keys, decode_cursor(cursor, int, int)))
    found = [dict(r) for r in conn.execute(query.order_by(*keys).limit(limit + 1)).mappings()]
    rows = page(found, limit, ["place", "seat_id"])
    rows["items"] = [
        {
            "seat": _seat(each),
            "days": each["days"],
            "points": None if each["points"] is None else each["points"] / 100,
            "records": wanted.kind
            and figure(
                row,
                actor,
                each["records"],
                "records",
                wanted._replace(dimension=None, seat_id=each["seat_id"]),
            ),
        }
        for each in rows["items"]
    ]
    return rows


def page_of_proposals(
    conn: Connection,
    actor: Actor,
    bulletin_id: int,
    year: int,
    body: str | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """The collective proposals of a body or of all that were filed in a year, the latest first."""
    row, wanted = _opened(conn, actor, bulletin_id, RecordSelection(year, None))
    only = [_p.c.bulletin_id == row.id, _p.c.duty_year == wanted.year]
    if body is not None:
        only.append(_p.c.body == body)
    query, keys = select(_p).where(*only), [_p.c.filed_on, _p.c.proposal_id]
    if cursor:
        query = query.where(before(keys, decode_cursor(cursor, date, int)))
    query = query.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    rows = page([dict(r) for r in conn.execute(query).mappings()], limit, ["filed_on", "proposal_id"])
    links = subjects.links(conn, actor, {("proposal", each["proposal_id"]) for each in rows["items"]})
    rows["items"] = [
        {
            "id": each["proposal_id"],
            "title": link.title if link else subjects.subject("proposal").label,
            "path": link and link.path,
            "body": each["body"],
            "on": each["filed_on"],
        }
        for each in rows["items"]
        for link in [links.get(("proposal", each["proposal_id"]))]
    ]
    return rows


def page_of_unmet(
    conn: Connection, actor: Actor, bulletin_id: int, cursor: str | None, limit: int
) -> PageRows:
    """Who has minimum duties left, by the roster: which, how much of them is done, what would meet them."""
    row = require(conn, actor, bulletin_id)
    columns = [
        _s.c[name] for name in ("seat_id", "place", "name", "post", "sector", "months", "points", "unmet")
    ]
    keys = [_s.c.place, _s.c.seat_id]
    query = select(*columns).where(*left_behind(row))
    if cursor:
        query = query.where(after(keys, decode_cursor(cursor, int, int)))
    found = [dict(r) for r in conn.execute(query.order_by(*keys).limit(limit + 1)).mappings()]
    rows = page(found, limit, ["place", "seat_id"])
    rows["items"] = [
        {
            "seat": _seat(each),
            "months": each["months"],
            "points": each["points"] / 100,
            "duties": [_duty(row.id, each["seat_id"], duty) for duty in each["unmet"]],
        }
        for each in rows["items"]
    ]
    return rows


def _duty(bulletin_id: int, seat_id: int, duty: dict[str, Any]) -> dict[str, Any]:
    said = {name: duty[name] for name in ("id", "label", "done", "due", "advice")}
    path = f"{BULLETINS}/{bulletin_id}/unmet/{seat_id}/{duty['id']}" if duty["records"] else None
    return said | {"records": {"count": len(duty["records"]), "path": path}}
