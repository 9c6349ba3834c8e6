"""Ends of seats: how, on which day, by which paper; and taking an end back that was recorded by mistake."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from app.auth.accounts.service import set_disabled
from app.auth.actor import Actor
from app.auth.models import Account, AccountRole
from app.auth.permissions import SEPARATE
from app.auth.watch import tell
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import table
from app.people import queries
from app.people.models import END_LABELS, Person, Seat, SeatEnd, Term
from app.people.schemas import SeatEndIn, SeatOut
from app.people.service import change_seat, id_of

_s = table(Seat)
#: Verbs of packages above that go on when the end of a seat is recorded.
on_end: list[Callable[[Session, Seat], None]] = []
#: The same when a recorded end is taken back.
on_resume: list[Callable[[Session, Seat], None]] = []


def end_seat(db: Session, actor: Actor, seat_id: int, new: SeatEndIn) -> SeatOut:
    """Record how and when a seat ended, or correct what was recorded; of somebody who died the account is closed."""
    seat, term = _own(db, actor, seat_id)
    _check(new, seat, term, clock.local_day(clock.now(), actor.zone))
    if new.kind is SeatEnd.DIED and seat.end_kind != SeatEnd.DIED:
        _close_account(db, actor, seat)
    seats = [seat]
    if new.kind is SeatEnd.DIED:  # of all seats that are held then
        same = (_s.c.person_id == seat.person_id) & (_s.c.id != seat_id)
        held = (_s.c.starts_on <= new.on) & (_s.c.ends_on >= new.on)
        seats += db.scalars(select(Seat).where(same, held))
    for one in seats:
        change_seat(db, one, by=actor, ends_on=new.on, end_kind=new.kind.value, end_paper=new.paper)
        for go_on in on_end:
            go_on(db, one)
    _log(db, actor, "seat.ended", seat_id, end=new.kind.value)
    return SeatOut.model_validate(queries.seat(db.connection(), actor, seat_id))


def resume_seat(db: Session, actor: Actor, seat_id: int) -> SeatOut:
    """Take a recorded end back: the seat goes on to the end of its term.

    An account that was closed is opened by the system administrator, who knows whether there was another reason.
    """
    seat, term = _own(db, actor, seat_id)
    if seat.end_kind is None:
        raise Conflict("这个席位没有登记离任。", code="no_end", state="held")
    change_seat(db, seat, by=actor, ends_on=term.ends_on, end_kind=None, end_paper=None)
    for go_on in on_resume:
        go_on(db, seat)
    _log(db, actor, "seat.resumed", seat_id)
    return SeatOut.model_validate(queries.seat(db.connection(), actor, seat_id))


def _own(db: Session, actor: Actor, seat_id: int) -> tuple[Seat, Term]:
    seat = db.get(Seat, seat_id)
    if seat is None or seat.organization_id != actor.organization_id:
        raise NotFound
    return seat, db.get_one(Term, seat.term_id)


def _check(new: SeatEndIn, seat: Seat, term: Term, today: date) -> None:
    """`Invalid` for a day outside of the seat, or one that this kind of end cannot have."""
    if not seat.starts_on <= new.on <= term.ends_on:
        raise Invalid(
            f"离任日期应在任职起始（{seat.starts_on}）和{term.name}届满（{term.ends_on}）之间。",
            code="outside_term",
        )
    if new.kind is SeatEnd.TERM_OVER and new.on != term.ends_on:
        raise Invalid(f"{END_LABELS[new.kind]}的日期是{term.ends_on}；提前离任请选其他方式。", code="bad_end")
    if new.kind is SeatEnd.DIED and new.on > today:
        raise Invalid("逝世日期不能晚于今天。", code="bad_end")


def _close_account(db: Session, actor: Actor, seat: Seat) -> None:
    """Close the account of a seat's holder, if this organization opened it; others look after their own."""
    person = db.get_one(Person, seat.person_id)
    account = db.get(Account, person.account_id) if person.account_id else None
    if account is None or account.organization_id != actor.organization_id:
        return
    if account.id == actor.account_id:
        raise Forbidden("不能为自己登记逝世。", code="own_account")
    r = table(AccountRole)
    if db.scalar(select(r.c.id).where(r.c.account_id == account.id, r.c.role.in_(SEPARATE)).limit(1)):
        raise Forbidden("这个账号还担任管理员，请先由安全管理员收回管理员角色。", code="administrator")
    if account.disabled_at is None:
        set_disabled(db, id_of(account), disabled=True, by=actor)


def _log(db: Session, actor: Actor, action: str, seat_id: int, **detail: str) -> None:
    tell(
        db,
        action,
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        subject=("seat", seat_id),
        **detail,
    )
