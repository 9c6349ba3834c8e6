"""Reads of claims and appeals: staff who record see all of their organization, members their own."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, true

from app.archive.lifecycle import KIND_LABELS, LIFECYCLES, ClaimAction, ClaimKind, ClaimState
from app.archive.models import Claim, ClaimStep
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core.errors import NotFound
from app.core.lifecycle import Transition
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.duty.forms import FORM_LABELS
from app.duty.kinds import KINDS
from app.duty.measures.rules import all_written
from app.duty.models import DutyRecord
from app.duty.records import ROLE_LABELS
from app.files.queries import attached
from app.people.models import LEVEL_LABELS

_c, _t, _d, _a = table(Claim), table(ClaimStep), table(DutyRecord), table(Account)
_SHOWN = ("id", "kind", "state", "version", "seat_id", "title", "body", "reason")
_MOMENTS = ("created_at", "edited_at", "decided_at")
_HIDDEN = (
    *("account_id", "act_kind", "form", "held_on", "place", "role", "level", "measures"),
    *("project_id", "record_id", "recorded_id"),
)


class ClaimScope(StrEnum):
    """Which claims a list holds."""

    MINE = "mine"
    DESK = "desk"


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Staff who record see those of their organization, a member the own ones."""
    seen = true() if actor.may(Permission.DUTY_RECORD) else _c.c.account_id == actor.account_id
    return (_c.c.organization_id == actor.organization_id) & seen


def visible_claims(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_c.c.id).where(_c.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "claim",
        "履职申报",
        visible_claims,
        "/api/v1/claims/{id}",
        titles=subjects.titled(_c.c.id, _c.c.title),
    )
)


def steps_open_to(actor: Actor, kind: str, state: str, *, author: bool) -> list[Transition[ClaimState]]:
    """The steps that the actor may run; nobody decides what they handed in themselves."""
    steps = LIFECYCLES[ClaimKind(kind)].open_to(ClaimState(state), actor.permissions, author=author)
    return [step for step in steps if step.by_author == author]


def _rows(actor: Actor) -> Select[Any]:
    columns = [_c.c[name] for name in (*_SHOWN, *_MOMENTS, *_HIDDEN)]
    joined = _c.join(_a, _a.c.id == _c.c.account_id)
    return select(*columns, _a.c.name).select_from(joined).where(visible_to(actor))


def _out(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    """Rows as `ClaimRow`, with their files and records in one statement each."""
    found = [dict(row) for row in conn.execute(query).mappings()]
    files = attached(conn, "claim", [row["id"] for row in found])
    records = _records(conn, actor, {row[name] for row in found for name in ("record_id", "recorded_id")})
    projects = subjects.links(
        conn, actor, {("project", row["project_id"]) for row in found if row["project_id"]}
    )
    for row in found:
        hidden = {name: row.pop(name) for name in _HIDDEN}
        author = hidden["account_id"] == actor.account_id
        steps = steps_open_to(actor, row["kind"], row["state"], author=author)
        row |= {
            "kind_label": KIND_LABELS[row["kind"]],
            "state_label": LIFECYCLES[row["kind"]].labels[row["state"]],
            "act": _act(row["title"], hidden) if hidden["act_kind"] else None,
            "project": _project(hidden["project_id"], projects),
            "record": records.get(hidden["record_id"]),
            "recorded": records.get(hidden["recorded_id"]),
            "files": files[row["id"]],
            "may_edit": author and row["state"] == ClaimState.WAITING,
            "actions": [
                {"action": s.action, "action_label": s.label, "needs_reason": s.needs_reason} for s in steps
            ],
        }
    return found


def _project(project_id: int | None, links: Mapping[tuple[str, int], subjects.Link]) -> dict[str, Any] | None:
    link = project_id and links.get(("project", project_id))
    return {"id": project_id, "title": link.title, "path": link.path} if link else None


def _act(title: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["act_kind"],
        "kind_label": KINDS[row["act_kind"]].label,
        "form": row["form"],
        "form_label": FORM_LABELS.get(row["form"]),
        "title": title,
        "held_on": row["held_on"],
        "place": row["place"],
        "role": row["role"],
        "role_label": ROLE_LABELS[row["role"]],
        "level": row["level"],
        "level_label": LEVEL_LABELS[row["level"]],
        "measures": all_written(row["measures"] or {}),
    }


def _records(conn: Connection, actor: Actor, ids: Collection[int | None]) -> dict[int | None, dict[str, Any]]:
    """Records as `ClaimRecordOut`; who sees the claim sees all records of its seat."""
    wanted = [record_id for record_id in ids if record_id]
    columns = [_d.c[name] for name in ("id", "kind", "subject_type", "subject_id", "void_reason")]
    query = select(*columns, _d.c.occurred_on.label("on")).where(_d.c.id.in_(wanted))
    rows = [dict(row) for row in conn.execute(query).mappings()] if wanted else []
    links = subjects.links(conn, actor, {(row["subject_type"], row["subject_id"]) for row in rows})
    for row in rows:
        kind = row.pop("subject_type")
        link = links.get((kind, row.pop("subject_id")))
        row["kind_label"] = KINDS[row["kind"]].label
        row["title"] = link.title if link else subjects.subject(kind).label
        row["path"] = link and link.path
    return {row["id"]: row for row in rows}


def page_of_claims(
    conn: Connection,
    actor: Actor,
    scope: ClaimScope,
    cursor: str | None,
    limit: int,
    *,
    kind: ClaimKind | None = None,
    state: ClaimState | None = None,
    project_id: int | None = None,
) -> PageRows:
    """My claims, or all that staff have received, newest first."""
    found = _rows(actor)
    if scope is ClaimScope.MINE:
        found = found.where(_c.c.account_id == actor.account_id)
    for column, value in ((_c.c.kind, kind), (_c.c.state, state), (_c.c.project_id, project_id)):
        if value is not None:
            found = found.where(column == value)
    if cursor:
        found = found.where(before([_c.c.id], decode_cursor(cursor, int)))
    return page(_out(conn, actor, found.order_by(_c.c.id.desc()).limit(limit + 1)), limit, ["id"])


def read(conn: Connection, actor: Actor, claim_id: int) -> dict[str, Any]:
    """One claim with its track; `NotFound` when it may not be seen."""
    found = _out(conn, actor, _rows(actor).where(_c.c.id == claim_id))
    if not found:
        raise NotFound
    return {
        **found[0],
        "steps": _track(conn, actor, ClaimKind(found[0]["kind"]), claim_id),
        "alike": _alike(conn, actor, found[0]),
    }


def _alike(conn: Connection, actor: Actor, claim: dict[str, Any]) -> list[dict[str, Any]]:
    """What may be the same act, recorded already: live records of the seat, of the kind and day of the claim."""
    if claim["act"] is None or claim["state"] != ClaimState.WAITING or not actor.may(Permission.DUTY_RECORD):
        return []
    same = (_d.c.kind == claim["act"]["kind"], _d.c.occurred_on == claim["act"]["held_on"])
    of_seat = (_d.c.seat_id == claim["seat_id"], _d.c.voided_at.is_(None))
    ids = conn.scalars(select(_d.c.id).where(*of_seat, *same).order_by(_d.c.id)).all()
    records = _records(conn, actor, ids)
    return [records[record_id] for record_id in ids]


def _track(conn: Connection, actor: Actor, kind: ClaimKind, claim_id: int) -> list[dict[str, Any]]:
    columns = (_t.c.at, _t.c.action, _t.c.to_state, _t.c.reason, _t.c.account_id, _a.c.name)
    rows = conn.execute(
        select(*columns)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.claim_id == claim_id)
        .order_by(_t.c.id)
    )
    cycle = LIFECYCLES[kind]
    labels: dict[str, str] = {step.action: step.label for step in cycle.transitions}
    named = actor.may(Permission.DUTY_RECORD)
    return [
        {
            "at": row.at,
            "action": row.action,
            "action_label": labels[row.action],
            "state": row.to_state,
            "state_label": cycle.labels[ClaimState(row.to_state)],
            "name": row.name if named or row.action == ClaimAction.WITHDRAW else None,
            "reason": row.reason,
        }
        for row in rows
    ]
