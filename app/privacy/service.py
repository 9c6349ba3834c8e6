"""Verbs of personal data: agree and withdraw, ask for a correction or erasure and decide on it, take it all along."""

from pathlib import Path
from typing import Any

from fastapi import Response
from sqlalchemy import Connection, Engine, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import NOTICE_VERSION, Actor, holders
from app.auth.models import Account
from app.auth.permissions import Permission
from app.auth.phones import e164, national
from app.auth.queries import accounts_by_phone, staff_who_may
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import table
from app.core.web.downloads import download
from app.exports.proposals.archive import zipped
from app.files.service import detach
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from app.notifications.service import notify, settle
from app.people.models import Person, Seat
from app.people.service import change_person, id_of
from app.privacy import queries
from app.privacy.corrections import latest_seat, value_of, write
from app.privacy.lifecycle import (
    FIELD_LABELS,
    LIFECYCLE,
    PersonalField,
    RequestAction,
    RequestKind,
    RequestState,
)
from app.privacy.models import Consent, PersonalRequest, PersonalRequestStep
from app.privacy.own_data import archive as own_data_archive
from app.privacy.own_data import tables
from app.privacy.schemas import RequestIn, RequestOut, RequestStepIn

_a, _c, _r, _t = table(Account), table(Consent), table(PersonalRequest), table(PersonalRequestStep)

_NEWS = {
    RequestAction.ACCEPT: "您的“{what}”申请已受理",
    RequestAction.DECLINE: "您的“{what}”申请未获同意：{reason}",
    RequestAction.FINISH: "您的“{what}”申请已办结",
}

assert tables.LEFT_OUT  # noqa: S101 - importing it registers what goes into the archive


def agree(db: Session, actor: Actor, version: int, device: str) -> None:
    """Agree to the present notice; `Conflict` when another one was read."""
    if version != NOTICE_VERSION:
        raise Conflict("隐私告知已经更新，请重新阅读。", code="notice_changed", state=str(NOTICE_VERSION))
    row = {"account_id": actor.account_id, "organization_id": actor.organization_id, "version": version}
    conn = db.connection()
    conn.execute(insert(_c).values(**row, agreed_at=clock.now(), address=actor.address, device=device))
    conn.execute(update(_a).where(_a.c.id == actor.account_id).values(consent_version=version))
    audit(db, actor, "consent.given", version=version)


def withdraw(db: Session, actor: Actor) -> None:
    """Take one's consent back: until it is given again only the own data, the notice and the way out are open."""
    mine = (_c.c.account_id == actor.account_id) & _c.c.withdrawn_at.is_(None)
    conn = db.connection()
    conn.execute(update(_c).where(mine).values(withdrawn_at=clock.now()))
    conn.execute(update(_a).where(_a.c.id == actor.account_id).values(consent_version=0))
    audit(db, actor, "consent.withdrawn")


def archive(reads: Engine, db: Session, actor: Actor, files: Path) -> Response:
    """Everything about the actor, made while it is downloaded."""
    audit(db, actor, "own_data.exported", ("account", actor.account_id))
    today = clock.local_day(clock.now(), actor.zone)
    return download(
        f"{actor.name}的个人信息{today:%Y%m%d}.zip", zipped(own_data_archive.entries(reads, actor, files))
    )


def hand_in(db: Session, actor: Actor, new: RequestIn) -> RequestOut:
    """Ask for a correction or an erasure; staff hear of it."""
    conn = db.connection()
    _check(conn, actor, new)
    same = select(_r.c.id).where(
        _r.c.account_id == actor.account_id,
        _r.c.organization_id == actor.organization_id,
        _r.c.kind == new.kind,
        _r.c.field == new.field if new.field else _r.c.field.is_(None),
        _r.c.state.in_([RequestState.SUBMITTED, RequestState.ACCEPTED]),
    )
    if conn.scalar(same.limit(1)):
        raise Conflict("同样的申请正在办理，请等候结果。", code="request_open", state=RequestState.SUBMITTED)
    row = new.model_dump() | {
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "state": RequestState.SUBMITTED,
        "created_at": clock.now(),
    }
    request_id: int = conn.execute(insert(_r).values(row).returning(_r.c.id)).scalar_one()
    _step(db, actor, request_id, "submit", RequestState.SUBMITTED, None)
    staff = staff_who_may(conn, actor.organization_id, Permission.PEOPLE_MANAGE)
    title = f"{actor.name}申请{_what(new.kind, new.field)}"
    notify(
        db,
        actor.organization_id,
        staff,
        NoticeKind.PERSONAL_REQUEST_SUBMITTED,
        title,
        ("personal_request", request_id),
    )
    return RequestOut.model_validate(queries.one(conn, actor, request_id))


def _check(conn: Connection, actor: Actor, new: RequestIn) -> None:
    """`Invalid` unless a correction names a field and what else it should be, and an erasure neither."""
    if new.kind is RequestKind.ERASE:
        if new.field or new.value:
            raise Invalid("申请删除时不用填写更正的内容。", code="bad_request")
        return
    if new.field is None or not new.value:
        raise Invalid("请选择要更正的项目，并填写正确的内容。", code="bad_request")
    value = value_of(new.field, new.value)
    registered = queries.personal(conn, actor) or {}
    if (national(value) if new.field is PersonalField.PHONE else value) == registered.get(new.field):
        raise Invalid(f"名册上登记的{FIELD_LABELS[new.field]}就是这样，不用更正。", code="same_value")


def transition(db: Session, actor: Actor, request_id: int, asked: RequestStepIn) -> RequestOut:
    """Do a step of a request; finishing a correction writes it, finishing an erasure erases what may go."""
    conn = db.connection()
    row = steps.lock(db, select(_r).where(_r.c.id == request_id, queries.visible(actor)))
    author = row.account_id == actor.account_id
    step = LIFECYCLE.take(
        RequestState(row.state), asked.action, asked.reason, actor.permissions, author=author
    )
    if asked.action is RequestAction.FINISH:
        _carry_out(db, row)
    conn.execute(update(_r).where(_r.c.id == request_id).values(state=step.target))
    _step(db, actor, request_id, asked.action, step.target, asked.reason)
    if step.target in LIFECYCLE.ends:
        settle(db, ("personal_request", request_id))
    if news := _NEWS.get(asked.action):
        title = news.format(what=_what(row.kind, row.field), reason=asked.reason)
        kind = NoticeKind.of(f"personal_request.{step.target}")
        notify(db, row.organization_id, [row.account_id], kind, title, ("personal_request", request_id))
    audit(db, actor, f"personal_request.{step.target}", ("personal_request", request_id), field=row.field)
    return RequestOut.model_validate(queries.one(conn, actor, request_id))


def staff_with_phone(db: Session, phone: str, request_id: int) -> Actor:
    """At the shell: who works for the secretariat of a request's organization under this phone, or `NotFound`."""
    conn = db.connection()
    organization_id = conn.scalar(select(_r.c.organization_id).where(_r.c.id == request_id)) or 0
    accounts = [row.id for row in accounts_by_phone(conn, e164(phone))]
    for actor in holders(conn, organization_id, accounts).values():
        if actor.may(Permission.PEOPLE_MANAGE):
            return actor
    raise NotFound


def _carry_out(db: Session, row: Any) -> None:
    p = table(Person)
    mine = (p.c.account_id == row.account_id) & (p.c.organization_id == row.organization_id)
    person = db.scalars(select(Person).where(mine)).one_or_none()
    seat = latest_seat(db, person) if person else None
    if row.kind == RequestKind.ERASE:
        if person is not None:
            change_person(db, person, gender=None, born_on=None, portrait=None)
            for one in db.scalars(select(Seat).where(table(Seat).c.person_id == person.id)):
                one.employer = None
                detach(db, ("seat", id_of(one)))
        n = table(Notification)
        theirs = (n.c.account_id == row.account_id) & (n.c.organization_id == row.organization_id)
        db.connection().execute(n.delete().where(theirs))
        return
    if person is None or seat is None:
        raise Conflict("名册里没有这个人，不能更正。", code="no_person", state=row.state)
    field = PersonalField(row.field)
    write(db, person, seat, {field.value: value_of(field, row.value)})


def _what(kind: str, field: str | None) -> str:
    return (
        f"更正{FIELD_LABELS[PersonalField(field)]}"
        if kind == RequestKind.CORRECT and field
        else "删除个人信息"
    )


def _step(db: Session, actor: Actor, request_id: int, action: str, to: str, reason: str | None) -> None:
    row = {"request_id": request_id, "at": clock.now(), "account_id": actor.account_id}
    db.connection().execute(insert(_t).values(**row, action=action, to_state=to, reason=reason))
