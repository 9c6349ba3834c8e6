"""Reads of the ledger. A member sees all of the own records; of others only open kinds; staff who record see all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, and_, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.duty.forms import FORM_LABELS
from app.duty.kinds import KINDS, OWN_ACTS
from app.duty.measures import ledger
from app.duty.measures.rules import Measure, all_written, written
from app.duty.models import DutyRecord, OutsideAct
from app.duty.records import CLAIM_REF, ROLE_LABELS, SOURCE_LABELS
from app.people.models import LEVEL_LABELS, Seat
from app.people.queries import is_own_seat

_d, _a = table(DutyRecord), table(OutsideAct)
_LABELS: dict[str, tuple[str, Mapping[Any, str]]] = {
    "role_label": ("role", ROLE_LABELS),
    "level_label": ("level", LEVEL_LABELS),
    "source_label": ("source", SOURCE_LABELS),
}


@dataclass(frozen=True)
class Selection:
    """Which records of a seat: of some kinds (all), a role, a duty year, local days from and to, with a measure."""

    kinds: Sequence[str] = ()
    role: str | None = None
    level: str | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None
    measure: Measure | None = None

    def path(self, seat_id: int, kind: str, measure: Measure | None = None) -> str:
        """Opens the records of one kind of this selection, those with an amount of a measure if one is named."""
        rest = {name: getattr(self, name) for name in ("role", "level", "year", "since", "until")}
        rest["measure"] = measure or self.measure
        asked = {"kind": kind} | {name: value for name, value in rest.items() if value is not None}
        return f"/api/v1/seats/{seat_id}/records?{urlencode(asked)}"


def sees_all(conn: Connection, actor: Actor, seat_id: int) -> bool:
    """Whether the actor sees every record of a seat: it is the own one, or was in an earlier term."""
    return actor.may(Permission.DUTY_RECORD) or is_own_seat(conn, actor, seat_id)


def open_to(conn: Connection, actor: Actor, seat_id: int) -> Collection[str]:
    """The kinds of a seat's records that the actor may see."""
    everything = sees_all(conn, actor, seat_id)
    return [kind.name for kind in KINDS.values() if kind.open or everything]


def require_own(conn: Connection, actor: Actor, seat_id: int) -> None:
    """`Forbidden` unless the actor sees every record of this seat; `NotFound` in another organization."""
    require_seat(conn, actor, seat_id)
    if not sees_all(conn, actor, seat_id):
        raise Forbidden("只能导出自己的履职记录。", code="own_records_only")


def require_seat(conn: Connection, actor: Actor, seat_id: int) -> None:
    """`NotFound` unless the seat is of the actor's organization."""
    s = table(Seat)
    same = select(s.c.id).where(s.c.id == seat_id, s.c.organization_id == actor.organization_id)
    if conn.scalar(same) is None:
        raise NotFound


def selected(seat_id: int, wanted: Selection) -> ColumnElement[bool]:
    """The live records of a seat that a selection holds."""
    only = [_d.c.seat_id == seat_id, _d.c.voided_at.is_(None)]
    for column, value in (
        (_d.c.duty_year, wanted.year),
        (_d.c.role, wanted.role),
        (_d.c.level, wanted.level),
    ):
        if value is not None:
            only.append(column == value)
    if wanted.kinds:
        only.append(_d.c.kind.in_(wanted.kinds))
    if wanted.since is not None:
        only.append(_d.c.occurred_on >= wanted.since)
    if wanted.until is not None:
        only.append(_d.c.occurred_on <= wanted.until)
    if wanted.measure is not None:
        only.append(ledger.having(wanted.measure))
    return and_(*only)


def page_of_records(
    conn: Connection, actor: Actor, seat_id: int, wanted: Selection, cursor: str | None, limit: int
) -> PageRows:
    """Live records of a seat, newest first, each with path and title of its subject if the actor may see it."""
    require_seat(conn, actor, seat_id)
    found = select(
        _d.c.id,
        _d.c.kind,
        _d.c.role,
        _d.c.occurred_on.label("on"),
        _d.c.occurred_at,
        _d.c.quantity,
        _d.c.level,
        _d.c.source,
        _d.c.source_ref,
        _d.c.note,
        _d.c.subject_type,
        _d.c.subject_id,
    ).where(selected(seat_id, wanted), _d.c.kind.in_(open_to(conn, actor, seat_id)))
    if cursor:
        found = found.where(before([_d.c.occurred_at, _d.c.id], decode_cursor(cursor, datetime, int)))
    found = found.order_by(_d.c.occurred_at.desc(), _d.c.id.desc()).limit(limit + 1)
    rows = page([dict(r) for r in conn.execute(found).mappings()], limit, ["occurred_at", "id"])
    links = subjects.links(conn, actor, {(row["subject_type"], row["subject_id"]) for row in rows["items"]})
    everything = sees_all(conn, actor, seat_id)
    amounts = ledger.read(conn, [row["id"] for row in rows["items"] if KINDS[row["kind"]].measures])
    for row in rows["items"]:
        kind = KINDS[row["kind"]]
        subject = (row.pop("subject_type"), row.pop("subject_id"))
        link = links.get(subject)
        row |= {"kind_label": kind.label, "icon": kind.icon, "unit": kind.unit}
        row["measures"] = all_written(amounts.get(row["id"], {}))
        row |= {code: labels[row[of]] for code, (of, labels) in _LABELS.items()}
        row["path"] = link and link.path
        row["title"] = link.title if link else subjects.subject(subject[0]).label
        ref = row.pop("source_ref") or ""
        row["claim_id"] = int(ref.removeprefix(CLAIM_REF)) if ref.startswith(CLAIM_REF) else None
        if not everything:
            row |= {"note": None, "claim_id": None}
    return rows


def counts(conn: Connection, actor: Actor, seat_id: int, wanted: Selection) -> list[dict[str, Any]]:
    """How many records of each kind a seat has, and their summed quantity, in the order of the kinds."""
    require_seat(conn, actor, seat_id)
    which = (selected(seat_id, wanted), _d.c.kind.in_(open_to(conn, actor, seat_id)))
    rows = conn.execute(
        select(_d.c.kind, func.count().label("records"), func.sum(_d.c.quantity).label("quantity"))
        .where(*which)
        .group_by(_d.c.kind)
    )
    by_kind = {row.kind: row for row in rows}
    measured = ledger.sums(conn, which) if any(KINDS[kind].measures for kind in by_kind) else {}
    return [
        {
            "kind": name,
            "kind_label": kind.label,
            "records": by_kind[name].records,
            "quantity": by_kind[name].quantity,
            "measures": [
                {**written(measure, amount), "path": wanted.path(seat_id, name, measure)}
                for measure, amount in measured.get(name, {}).items()
            ],
            "act": kind.own_act,
            "path": wanted.path(seat_id, name),
        }
        for name, kind in KINDS.items()
        if name in by_kind
    ]


def page_of_days(
    conn: Connection, actor: Actor, seat_id: int, wanted: Selection, cursor: str | None, limit: int
) -> PageRows:
    """The local days on which a seat did something itself, newest first, with how many acts."""
    require_seat(conn, actor, seat_id)
    found = (
        select(_d.c.occurred_on.label("on"), func.count().label("acts"))
        .where(
            selected(seat_id, wanted),
            _d.c.kind.in_(OWN_ACTS),
            _d.c.kind.in_(open_to(conn, actor, seat_id)),
        )
        .group_by(_d.c.occurred_on)
    )
    if cursor:
        found = found.where(_d.c.occurred_on < _day(cursor))
    found = found.order_by(_d.c.occurred_on.desc()).limit(limit + 1)
    rows = [{"on": row.on.isoformat(), "acts": row.acts} for row in conn.execute(found)]
    return page(rows, limit, ["on"])


def _day(cursor: str) -> date:
    (text,) = decode_cursor(cursor, str)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("翻页参数无效，请从第一页重新开始。", code="bad_cursor") from None


def visible_outside_acts(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Acts outside the platform are seen within their organization by those who may read the ledger."""
    if not actor.may(Permission.DUTY_READ):
        return set()
    rows = conn.scalars(
        select(_a.c.id).where(_a.c.id.in_(ids), _a.c.organization_id == actor.organization_id)
    )
    return set(rows)


_titles = subjects.titled(_a.c.id, _a.c.title)
subjects.register(
    Subject("outside_act", "平台外履职", visible_outside_acts, "/api/v1/outside-acts/{id}", titles=_titles)
)


def outside_act(conn: Connection, actor: Actor, act_id: int) -> dict[str, Any]:
    """One act done outside the platform; `NotFound` when the actor may not see it."""
    subjects.require(conn, actor, "outside_act", act_id)
    row = conn.execute(
        select(_a.c.id, _a.c.kind, _a.c.form, _a.c.title, _a.c.held_on, _a.c.place).where(_a.c.id == act_id)
    ).one()
    labels = {"kind_label": KINDS[row.kind].label, "form_label": FORM_LABELS.get(row.form)}
    return {**row._mapping, **labels}  # noqa: SLF001 - SQLAlchemy's documented way to a mapping
