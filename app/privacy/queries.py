"""Reads of consents and of requests about personal data."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.auth.phones import national
from app.auth.subjects import Subject
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.people.models import Organization, Person, Seat
from app.privacy.lifecycle import FIELD_LABELS, KIND_LABELS, LIFECYCLE, RequestState
from app.privacy.models import Consent, PersonalRequest, PersonalRequestStep
from app.privacy.notice import text
from app.privacy.notice.settings import NoticeSettings
from app.privacy.retention.settings import RetentionRules

_c, _r, _t = table(Consent), table(PersonalRequest), table(PersonalRequestStep)
_a, _o, _p = table(Account), table(Organization), table(Person)


class RequestScope(StrEnum):
    """Whose requests."""

    MINE = "mine"
    ALL = "all"


def notice_for(conn: Connection, actor: Actor) -> dict[str, Any]:
    """The notice in the name of the actor's organization, and what the actor agreed to."""
    of = conn.execute(select(_o.c.name, _o.c.settings).where(_o.c.id == actor.organization_id)).one()
    contact, kept = NoticeSettings.read(of.settings).contact, RetentionRules.read(of.settings)
    agreed = conn.scalar(select(_a.c.consent_version).where(_a.c.id == actor.account_id))
    at = select(_c.c.agreed_at).where(
        _c.c.account_id == actor.account_id, _c.c.version == agreed, _c.c.withdrawn_at.is_(None)
    )
    return {
        "version": text.NOTICE_VERSION,
        "title": text.TITLE,
        "text": text.text(of.name, contact, kept.notification_days, kept.dead_session_days),
        "agreed_version": agreed,
        "agreed_at": conn.scalar(at.order_by(_c.c.id.desc()).limit(1)),
    }


def personal(conn: Connection, actor: Actor) -> dict[str, Any] | None:
    """What the roster of the actor's organization says about the actor."""
    mine = (_p.c.account_id == actor.account_id) & (_p.c.organization_id == actor.organization_id)
    s = table(Seat)
    employer = select(s.c.employer).where(s.c.person_id == _p.c.id).order_by(s.c.starts_on.desc()).limit(1)
    row = conn.execute(
        select(
            *(_p.c.name, _p.c.phone, _p.c.born_on, _p.c.gender),
            employer.scalar_subquery().label("employer"),
        ).where(mine)
    ).mappings()
    return next(({**r, "phone": national(r["phone"])} for r in row), None)


def visible(actor: Actor) -> ColumnElement[bool]:
    """A request is seen by who made it, and by those who manage people of the organization."""
    seen = _r.c.account_id == actor.account_id
    if actor.may(Permission.PEOPLE_MANAGE):
        seen |= _r.c.organization_id == actor.organization_id
    return seen & (_r.c.organization_id == actor.organization_id)


def page_of_requests(
    conn: Connection,
    actor: Actor,
    scope: RequestScope,
    state: RequestState | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """Requests that the actor may see, newest first."""
    asked = [visible(actor)]
    if scope is RequestScope.MINE:
        asked.append(_r.c.account_id == actor.account_id)
    if state:
        asked.append(_r.c.state == state)
    if cursor:
        asked.append(before([_r.c.id], decode_cursor(cursor, int)))
    return page(_requests(conn, actor, asked, limit + 1), limit, ["id"])


def one(conn: Connection, actor: Actor, request_id: int) -> dict[str, Any]:
    """One request; `NotFound` out of sight."""
    requests = _requests(conn, actor, [_r.c.id == request_id, visible(actor)], 1)
    if not requests:
        raise NotFound
    return requests[0]


def _requests(
    conn: Connection, actor: Actor, asked: Collection[ColumnElement[bool]], limit: int
) -> list[dict[str, Any]]:
    columns = ("id", "account_id", "kind", "field", "value", "remark", "state", "created_at")
    rows = select(*(_r.c[c] for c in columns), _a.c.name).join(_a, _a.c.id == _r.c.account_id)
    requests = [
        dict(r) for r in conn.execute(rows.where(*asked).order_by(_r.c.id.desc()).limit(limit)).mappings()
    ]
    manages = actor.may(Permission.PEOPLE_MANAGE)
    tracks: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in requests}
    steps = (
        select(_t.c.request_id, _t.c.account_id, _t.c.at, _t.c.to_state, _t.c.reason, _a.c.name)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.request_id.in_(tracks))
        .order_by(_t.c.id)
    )
    for step in conn.execute(steps):
        label, named = LIFECYCLE.labels[step.to_state], manages or step.account_id == actor.account_id
        tracks[step.request_id].append(
            {"at": step.at, "name": step.name if named else None, "label": label, "reason": step.reason}
        )
    for row in requests:
        author = row.pop("account_id") == actor.account_id
        row |= {
            "kind_label": KIND_LABELS[row["kind"]],
            "field_label": FIELD_LABELS[row["field"]] if row["field"] else None,
            "state_label": LIFECYCLE.labels[row["state"]],
            "track": tracks[row["id"]],
            "actions": [
                {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason}
                for t in LIFECYCLE.open_to(row["state"], actor.permissions, author=author)
            ],
        }
    return requests


def _visible(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    return set(conn.scalars(select(_r.c.id).where(_r.c.id.in_(ids), visible(actor))))


subjects.register(Subject("personal_request", "个人信息申请", _visible, "/api/v1/privacy/requests/{id}"))
