"""Reads of issued cards and their batches. An issued card is seen by its owner and the secretariat."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.cards.issued.schemas import SHARING_LABELS, STATE_LABELS
from app.cards.models import CardBatch, IssuedCard
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import alias, table
from app.people.duty_years import label, local_time
from app.people.models import Person, Seat, SeatEnd, Term

_i, _b = table(IssuedCard), table(CardBatch)
_s, _p, _t = table(Seat), table(Person), table(Term)

_before = alias(_i, "before")
#: Why the version before was corrected.
_corrects = (
    select(_before.c.reason)
    .where(
        _before.c.seat_id == _i.c.seat_id,
        _before.c.period == _i.c.period,
        _before.c.version == _i.c.version - 1,
        _before.c.state == "corrected",
    )
    .scalar_subquery()
    .label("corrects")
)
_SHOWN = (
    *(_i.c.id, _i.c.seat_id, _p.c.name, _i.c.period, _i.c.content, _i.c.version, _i.c.code),
    *(_i.c.state, _i.c.reason, _i.c.issued_at, _i.c.ended_at, _i.c.sharing, _i.c.sha256, _i.c.key_id),
    _corrects,
)


class FrozenCard(NamedTuple):
    """An issued card with what was signed."""

    id: int
    organization_id: int
    seat_id: int
    period: str
    version: int
    code: str
    state: str
    sharing: str
    content: bytes
    sha256: str
    signature: str
    key_id: str
    issued_at: datetime
    ended_at: datetime | None


_FROZEN = select(*(_i.c[name] for name in FrozenCard._fields))


def _seen(actor: Actor) -> ColumnElement[bool]:
    mine = _i.c.organization_id == actor.organization_id
    own = select(_s.c.id).join(_p, _p.c.id == _s.c.person_id).where(_p.c.account_id == actor.account_id)
    if actor.may(Permission.CARD_ISSUE):
        return mine
    return mine & (_i.c.seat_id.in_(actor.seat_ids) | _i.c.seat_id.in_(own))


def _visible(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    return set(conn.scalars(select(_i.c.id).where(_i.c.id.in_(ids), _seen(actor))))


subjects.register(Subject("issued_card", "履职数字纪念卡", _visible, "/api/v1/issued-cards/{id}"))


def frozen(conn: Connection, actor: Actor, issued_id: int) -> FrozenCard:
    """An issued card that the actor may see; else `NotFound`."""
    row = conn.execute(_FROZEN.where(_i.c.id == issued_id, _seen(actor))).first()
    if row is None:
        raise NotFound
    return FrozenCard._make(row)


def by_code(conn: Connection, code: str) -> FrozenCard | None:
    """The issued card of a code, for anybody."""
    row = conn.execute(_FROZEN.where(_i.c.code == code)).first()
    return FrozenCard._make(row) if row else None


def newest(conn: Connection, seat_id: int, period: str) -> FrozenCard | None:
    """The last version that was issued of a card, whatever has become of it."""
    of = (_i.c.seat_id == seat_id, _i.c.period == period)
    row = conn.execute(_FROZEN.where(*of).order_by(_i.c.version.desc()).limit(1)).first()
    return FrozenCard._make(row) if row else None


def after(conn: Connection, issued_id: int, limit: int) -> list[FrozenCard]:
    """The next issued cards in the order of their ids, of all organizations."""
    rows = conn.execute(_FROZEN.where(_i.c.id > issued_id).order_by(_i.c.id).limit(limit))
    return [FrozenCard._make(row) for row in rows]


def issued_of(conn: Connection, seat_ids: Collection[int], period: str) -> set[int]:
    """Those of some seats whose card of a period was issued, whatever has become of it."""
    of = (_i.c.seat_id.in_(seat_ids), _i.c.period == period)
    return set(conn.scalars(select(_i.c.seat_id).where(*of)))


def _shown() -> Select[Any]:
    return select(*_SHOWN).select_from(
        _i.join(_s, _s.c.id == _i.c.seat_id).join(_p, _p.c.id == _s.c.person_id)
    )


def _out(row: dict[str, Any], actor: Actor, address: str) -> dict[str, Any]:
    code = row.pop("code")
    return row | {
        "period_label": period_label(row.pop("content")),
        "state_label": STATE_LABELS[row["state"]],
        "own": row["seat_id"] in actor.seat_ids,
        "corrected_by": row["version"] + 1 if row["state"] == "corrected" else None,
        "sharing_label": SHARING_LABELS[row["sharing"]],
        "verify_url": f"{address}/c/{code}",
    }


def period_label(content: bytes) -> str:
    """What the period of an issued card is called, by the days that the card itself says."""
    period = from_json(content)["period"]
    if period["kind"] == "term":
        return str(period["label"])
    first, last = (date.fromisoformat(period[day]) for day in ("starts_on", "ends_on"))
    return label(int(period["label"].removesuffix("年度")), first, last)


def one(conn: Connection, actor: Actor, issued_id: int, address: str) -> dict[str, Any]:
    """An issued card as it is shown, its public page under `address`; `NotFound` when the actor may not see it."""
    row = conn.execute(_shown().where(_i.c.id == issued_id, _seen(actor))).mappings().first()
    if row is None:
        raise NotFound
    return _out(dict(row), actor, address)


def page_of(
    conn: Connection,
    actor: Actor,
    address: str,
    *,
    seat_id: int | None,
    period: str | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """Issued cards that the actor may see, newest first."""
    query = _shown().where(_seen(actor)).order_by(_i.c.id.desc()).limit(limit + 1)
    if seat_id is not None:
        query = query.where(_i.c.seat_id == seat_id)
    if period is not None:
        query = query.where(_i.c.period == period)
    if cursor is not None:
        query = query.where(before([_i.c.id], decode_cursor(cursor, int)))
    rows = [_out(dict(row), actor, address) for row in conn.execute(query).mappings()]
    return page(rows, limit, ["id"])


def last_term(conn: Connection, organization_id: int, today: date) -> tuple[int, date, date] | None:
    """Id, first and last day of the newest term that is over."""
    over = select(_t.c.id, _t.c.starts_on, _t.c.ends_on).where(
        _t.c.organization_id == organization_id, _t.c.ends_on < today
    )
    row = conn.execute(over.order_by(_t.c.ends_on.desc()).limit(1)).first()
    return (row.id, row.starts_on, row.ends_on) if row else None


def term_days(conn: Connection, term_id: int) -> tuple[date, date]:
    """First and last day of a term."""
    row = conn.execute(select(_t.c.starts_on, _t.c.ends_on).where(_t.c.id == term_id)).one()
    return row.starts_on, row.ends_on


def holders(organization_id: int, first: date, last: date, term_id: int | None) -> Select[int]:
    """The seats that were held on a day from `first` to `last`, of one term if it is named.

    Not of those who died or were removed: their cards are issued one by one, on somebody's decision.
    """
    held = select(_s.c.id).where(
        _s.c.organization_id == organization_id,
        _s.c.starts_on <= last,
        _s.c.ends_on >= first,
        func.coalesce(_s.c.end_kind, "").not_in([SeatEnd.DIED, SeatEnd.REMOVED]),
    )
    return held if term_id is None else held.where(_s.c.term_id == term_id)


def count(conn: Connection, rows: Select[int]) -> int:
    """How many rows a selection has."""
    return conn.execute(select(func.count()).select_from(rows.subquery())).scalar_one()


_BATCH = select(
    *(_b.c.id, _b.c.period, _t.c.name.label("term"), _b.c.total, _b.c.done, _b.c.issued),
    *(_b.c.begun_at, _b.c.finished_at),
).select_from(_b.outerjoin(_t, _t.c.id == _b.c.term_id))


def batches(
    conn: Connection, actor: Actor, *, batch_id: int | None, cursor: str | None, limit: int
) -> PageRows:
    """The organization's batches, newest first; one of them when it is named."""
    query = _BATCH.where(_b.c.organization_id == actor.organization_id).order_by(_b.c.id.desc())
    if batch_id is not None:
        query = query.where(_b.c.id == batch_id)
    if cursor is not None:
        query = query.where(before([_b.c.id], decode_cursor(cursor, int)))
    rows = [dict(row) for row in conn.execute(query.limit(limit + 1)).mappings()]
    years = local_time(conn, actor.organization_id).years
    for row in rows:
        row["period_label"] = row.pop("term") or years.label(int(row["period"]))
    return page(rows, limit, ["id"])
