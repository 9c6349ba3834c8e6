"""Whose a paper is and when it was handed in, checked against the roster and the calendar."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.core import clock
from app.core.errors import FieldError, Invalid
from app.core.sql import table
from app.people.bodies import queries as bodies
from app.people.bodies.models import Body
from app.people.models import Person, Seat

_s, _p, _b = table(Seat), table(Person), table(Body)
#: How long ago a paper may have been handed in.
_LONGEST = timedelta(days=366)


def entered_by(account_id: Any) -> Any:
    """The name of who entered it, for lists."""
    a = table(Account).alias("entering")
    return select(a.c.name).where(a.c.id == account_id).scalar_subquery()


def moment(actor: Actor, day: date) -> datetime:
    """When a paper of a local day counts: now, or noon of an earlier day; `Invalid` for days to come."""
    now = clock.now()
    today = clock.local_day(now, actor.zone)
    if not today - _LONGEST <= day <= today:
        raise Invalid(
            errors=[_fault("handed_in_on", "bad_day", "收到纸质材料的日期应在今天或此前一年之内。")]
        )
    return now if day == today else clock.noon(day, actor.zone)


def author(
    conn: Connection, actor: Actor, day: date, *, seat_id: int | None, body_id: int | None
) -> Row[Any]:
    """Account, seat and term of a paper's author on a day: the seat named, else the head of the body."""
    if body_id is not None and body_id not in set(conn.scalars(_own_body(actor, body_id))):
        raise Invalid(errors=[_fault("body_id", "unknown_body", "参加单位不存在，请重新选择。")])
    of = seat_id or bodies.head_of(conn, body_id)
    if of is None:
        detail = "请选择委员。" if body_id is None else "这个单位还没有登记负责人，请选择起草的委员。"
        raise Invalid(errors=[_fault("seat_id", "missing", detail)])
    found = seats(conn, actor, day, [of])
    if not found:
        raise Invalid(errors=[_fault("seat_id", "unknown_seat", "所选的人当天不是在任委员，请重新选择。")])
    term_of_body = select(_b.c.term_id).where(_b.c.id == body_id)
    if body_id is not None and conn.scalar(term_of_body) != found[0].term_id:
        raise Invalid(errors=[_fault("body_id", "unknown_body", "参加单位不属于这一届，请重新选择。")])
    return found[0]


def seats(conn: Connection, actor: Actor, day: date, ids: list[int]) -> list[Row[Any]]:
    """Account, seat, term and name of those of some seats that were held on a day and have an account."""
    found = select(_s.c.id.label("seat_id"), _p.c.account_id, _s.c.term_id, _p.c.name).join(
        _p, _p.c.id == _s.c.person_id
    )
    held = (_s.c.starts_on <= day) & (_s.c.ends_on >= day) & _p.c.account_id.is_not(None)
    own = _s.c.organization_id == actor.organization_id
    return list(conn.execute(found.where(_s.c.id.in_(ids), held, own).order_by(_s.c.id)))


def _own_body(actor: Actor, body_id: int) -> Select[int]:
    return select(_b.c.id).where(_b.c.id == body_id, _b.c.organization_id == actor.organization_id)


def _fault(field: str, code: str, detail: str) -> FieldError:
    return FieldError(field=field, code=code, detail=detail)
