"""Verbs of contacts: set, change, remove; both sides hear of it, and the audit log keeps who did it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, true, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.contacts import queries
from app.contacts.models import Contact, Visit
from app.contacts.rules import PartyKind, meet
from app.contacts.schemas import ContactIn, ContactOut
from app.core.errors import Conflict, Invalid, Stale
from app.core.sql import AnyRow, advisory_lock, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats, settle
from app.people.models import Seat
from app.people.queries import seats_in

_c, _v, _s = table(Contact), table(Visit), table(Seat)


def set_contact(db: Session, actor: Actor, new: ContactIn) -> ContactOut:
    """Set a contact; its member hears of it, and the member who is looked after."""
    values = _values(db, actor, new)
    [contact_id] = write(db, actor.organization_id, [values])
    tell(db, actor.organization_id, [contact_id])
    audit(db, actor, "contact.set", ("contact", contact_id), seat_id=new.seat_id)
    return _read(db, actor, contact_id)


def edit(db: Session, actor: Actor, contact_id: int, version: int, new: ContactIn) -> ContactOut:
    """Change a contact; who looks after whom stays as it is once there was a visit."""
    row = steps.lock(db, select(_c).where(_c.c.id == contact_id, queries.visible_to(actor)))
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, contact_id))
    values = _values(db, actor, new, contact_id)
    others = any(values[name] != getattr(row, name) for name in ("seat_id", "kind", "party_seat_id", "name"))
    if others:
        _require_unvisited(db, contact_id, "已有走访记录，不能改为别人，请设定截止日期后另行登记。")
    changed = update(_c).where(_c.c.id == contact_id).values(values | {"version": version + 1})
    db.connection().execute(changed)
    if others:
        tell(db, actor.organization_id, [contact_id])
    audit(db, actor, "contact.edited", ("contact", contact_id), seat_id=new.seat_id)
    return _read(db, actor, contact_id)


def remove(db: Session, actor: Actor, contact_id: int) -> None:
    """Remove a contact that was set by mistake; one with visits ends on a day instead."""
    row = steps.lock(db, select(_c).where(_c.c.id == contact_id, queries.visible_to(actor)))
    _require_unvisited(db, contact_id, "已有走访记录，不能删除，请设定截止日期。")
    member, party = queries.names_of(db.connection(), [contact_id])[contact_id]
    settle(db, ("contact", contact_id))
    subject = ("contact", contact_id)
    of, kind = actor.organization_id, NoticeKind.CONTACT_REMOVED
    notify_seats(db, of, [row.seat_id], kind, f"您与“{party}”的联系已由机关撤销", subject)
    if row.party_seat_id is not None:
        notify_seats(db, of, [row.party_seat_id], kind, f"{member}委员与您的联系已由机关撤销", subject)
    db.connection().execute(delete(_c).where(_c.c.id == contact_id))
    audit(db, actor, "contact.removed", subject, seat_id=row.seat_id, party=party)


def write(db: Session, organization_id: int, values: list[dict[str, Any]]) -> list[int]:
    """Write new contacts; their ids."""
    rows = [one | {"organization_id": organization_id, "version": 1} for one in values]
    new = insert(_c).returning(_c.c.id)
    return list(db.connection().scalars(new, rows)) if rows else []


def tell(db: Session, organization_id: int, ids: Iterable[int]) -> None:
    """Tell members whom they look after, and by whom they are: one notice for each, however many."""
    conn, named = db.connection(), queries.names_of(db.connection(), ids := list(ids))
    said: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for row in conn.execute(select(_c).where(_c.c.id.in_(ids)).order_by(_c.c.id)):
        member, party = named[row.id]
        said[row.seat_id, "请您联系{}，走访后随手记一笔"].append((row.id, f"“{party}”"))
        if row.party_seat_id is not None:
            said[row.party_seat_id, "今后由{}联系您"].append((row.id, f"{member}委员"))
    for (seat_id, sentence), parties in said.items():
        first, name = parties[0]
        names = name if len(parties) == 1 else f"{name}等 {len(parties)} 位"
        subject = ("contact", first)
        notify_seats(db, organization_id, [seat_id], NoticeKind.CONTACT_SET, sentence.format(names), subject)


def fault(values: dict[str, Any], others: Iterable[AnyRow]) -> str | None:
    """Why a contact cannot be so, beside what its seats say, among others of the same two; None when it can."""
    if values["party_seat_id"] == values["seat_id"]:
        return "委员不能联系自己。"
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        return "截止日期早于开始日期。"
    days = values["starts_on"], values["ends_on"]
    if any(meet(days, (one.starts_on, one.ends_on)) for one in others):
        return "这位委员已经联系该对象。"
    return None


def _others(conn: Connection, values: dict[str, Any], but: int | None) -> Sequence[AnyRow]:
    """Other contacts of the same member with the same party."""
    by_seat = values["party_seat_id"] is not None
    names = ("seat_id", "party_seat_id") if by_seat else ("seat_id", "kind", "name")
    same = [_c.c[name] == values[name] for name in names]
    return conn.execute(select(_c).where(*same, _c.c.id != but if but else true())).all()


def _values(db: Session, actor: Actor, new: ContactIn, but: int | None = None) -> dict[str, Any]:
    """The columns of a contact; `Invalid` for what does not fit together."""
    conn = db.connection()
    advisory_lock(conn, f"contacts {actor.organization_id}")
    starts_on = new.starts_on or actor.today
    if (new.kind is PartyKind.MEMBER) != (new.party_seat_id is not None) or (
        new.party_seat_id is None and not new.name
    ):
        raise Invalid("联系委员请选择委员，联系其他对象请填写名称。", code="party_required")
    wanted = {new.seat_id, *filter(None, [new.party_seat_id])}
    held = seats_in(actor.organization_id, starts_on)
    if set(conn.scalars(held.where(_s.c.id.in_(wanted)))) != wanted:
        raise Invalid("开始日期当天没有这位委员在任。", code="unknown_seat")
    values = new.model_dump() | {"starts_on": starts_on}
    if new.party_seat_id is not None:
        values |= {"name": "", "place": ""}
    if found := fault(values, _others(conn, values, but)):
        raise Invalid(found, code="contact_not_fitting")
    return values


def _require_unvisited(db: Session, contact_id: int, otherwise: str) -> None:
    if db.connection().scalar(select(exists().where(_v.c.contact_id == contact_id))):
        raise Conflict(otherwise, code="contact_visited", state="visited")


def _read(db: Session, actor: Actor, contact_id: int) -> ContactOut:
    return ContactOut.model_validate(queries.read(db.connection(), actor, contact_id))
