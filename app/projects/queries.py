"""Reads of projects: all of an organization see them; cancelled ones only those who manage them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Select, case, false, func, or_, select, true, union

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles.reads import only
from app.core.finding import contains_words
from app.core.lifecycle import Transition
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import AnyRow, table
from app.duty.measures.rules import all_written
from app.people.bodies.memberships import memberships
from app.people.bodies.models import Body
from app.people.bodies.queries import name_of
from app.people.models import Person
from app.people.queries import author_columns, join_author
from app.projects.lifecycle import LIFECYCLE, ProjectState
from app.projects.models import Project, ProjectMember, ProjectStep

_p, _m, _t = table(Project), table(ProjectMember), table(ProjectStep)
_b, _a = table(Body), table(Account)
_LABELS: dict[str, str] = {step.action: step.label for step in LIFECYCLE.transitions}
_SHOWN = (
    *("id", "version", "state", "title", "campaign", "body_id", "leader_seat_id", "place", "plan"),
    *("starts_on", "ends_on", "summary"),
)


class ProjectFilter(NamedTuple):
    """Which projects a list holds."""

    state: ProjectState | None = None
    campaign: str | None = None
    body_id: int | None = None
    place: str | None = None
    mine: bool | None = None
    text: str = ""


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """The projects that the actor manages: all for staff, for the head of a body its own."""
    if actor.may(Permission.PROJECT_MANAGE):
        return true()
    if actor.seat_id is None:
        return false()
    return _p.c.body_id.in_(select(_b.c.id).where(_b.c.head_seat_id == actor.seat_id))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `project` that the actor may see."""
    stands = or_(_p.c.state != ProjectState.CANCELLED, managed_by(actor))
    return (_p.c.organization_id == actor.organization_id) & stands


def visible_projects(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.PROJECT_READ):
        return set()
    return set(conn.scalars(select(_p.c.id).where(_p.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "project",
        "办实事项目",
        visible_projects,
        "/api/v1/projects/{id}",
        titles=subjects.titled(_p.c.id, _p.c.title),
    )
)


def taken_part_in(actor: Actor) -> ColumnElement[bool]:
    """The projects in which the actor takes part: as leader, by name, or in their body today."""
    if actor.seat_id is None:
        return false()
    p = _p.alias()
    of = memberships(actor.today, select(p.c.body_id).where(p.c.organization_id == actor.organization_id))
    led = select(p.c.id).where(p.c.leader_seat_id == actor.seat_id)
    named = select(_m.c.project_id).where(_m.c.seat_id == actor.seat_id)
    of_body = select(p.c.id).join(of, of.c.body_id == p.c.body_id).where(of.c.seat_id == actor.seat_id)
    return _p.c.id.in_(union(led, named, of_body))


def members_of(conn: Connection, ids: Collection[int], day: date) -> dict[int, set[int]]:
    """The seats that take part in some projects: leaders, who is named, and who belongs to the bodies on a day."""
    these = _p.c.id.in_(ids)
    of = memberships(day, select(_p.c.body_id).where(these))
    found: dict[int, set[int]] = defaultdict(set)
    for query in (
        select(_p.c.id, _p.c.leader_seat_id).where(these, _p.c.leader_seat_id.is_not(None)),
        select(_m.c.project_id, _m.c.seat_id).where(_m.c.project_id.in_(ids)),
        select(_p.c.id, of.c.seat_id).join(of, of.c.body_id == _p.c.body_id).where(these),
    ):
        for project_id, seat_id in conn.execute(query):
            found[project_id].add(seat_id)
    return found


def steps_open_to(state: str, *, manages: bool) -> list[Transition[ProjectState]]:
    """The steps that who manages a project, or not, may run."""
    held = {Permission.PROJECT_MANAGE} if manages else set[Permission]()
    return LIFECYCLE.open_to(ProjectState(state), held, author=False)


def _rows(actor: Actor) -> Select[Any]:
    closed = case((_p.c.state == ProjectState.OPEN, 0), else_=1)
    joined = join_author(_p, _p.c.leader_seat_id, outer=True)
    return (
        select(
            _p,
            name_of(_p.c.body_id).label("body"),
            table(Person).c.name.label("leader"),
            managed_by(actor).label("manages"),
            taken_part_in(actor).label("mine"),
            closed.label("closed"),
            (-_p.c.id).label("newest"),
        )
        .select_from(joined)
        .where(visible_to(actor))
    )


def narrowed(wanted: ProjectFilter, actor: Actor) -> list[ColumnElement[bool]]:
    """The projects of a list, as conditions."""
    same = [
        _p.c[name] == value
        for name in ("state", "campaign", "body_id", "place")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.mine is not None:
        same.append(taken_part_in(actor) if wanted.mine else ~taken_part_in(actor))
    if wanted.text:
        same.append(
            or_(*(contains_words(_p.c[name], wanted.text) for name in ("title", "campaign", "place")))
        )
    return same


def page_of_projects(
    conn: Connection, actor: Actor, wanted: ProjectFilter, cursor: str | None, limit: int
) -> PageRows:
    """Projects that the actor may see, those that are open first, then the newest."""
    found = _rows(actor).where(*narrowed(wanted, actor))
    if cursor:
        order = [case((_p.c.state == ProjectState.OPEN, 0), else_=1), -_p.c.id]
        found = found.where(after(order, decode_cursor(cursor, int, int)))
    rows = conn.execute(found.order_by("closed", "newest").limit(limit + 1)).all()
    listed = page([dict(row._mapping) for row in rows], limit, ["closed", "newest"])  # noqa: SLF001
    return {"items": [_finished(actor, row) for row in rows[:limit]], "next": listed["next"]}


def read(conn: Connection, actor: Actor, project_id: int) -> dict[str, Any]:
    """One project with who was named and its track; `NotFound` when it may not be seen."""
    only(conn, select(_p.c.id).where(_p.c.id == project_id, visible_to(actor)))
    row = conn.execute(_rows(actor).where(_p.c.id == project_id)).one()
    return _finished(actor, row) | {
        "members": _named(conn, project_id),
        "steps": _track(conn, project_id, named=bool(row.manages)),
    }


def _finished(actor: Actor, row: AnyRow) -> dict[str, Any]:
    """A row as `ProjectRow`."""
    is_open = row.state == ProjectState.OPEN
    return {
        **{name: getattr(row, name) for name in (*_SHOWN, "body", "leader")},
        "targets": all_written(row.targets),
        "mine": bool(row.mine),
        "state_label": LIFECYCLE.labels[ProjectState(row.state)],
        "may_edit": bool(row.manages) and is_open,
        "may_log": is_open and actor.may(Permission.DUTY_CLAIM),
        "actions": [
            {"action": step.action, "action_label": step.label, "needs_text": step.needs_reason}
            for step in steps_open_to(row.state, manages=bool(row.manages))
        ],
        "deeds_path": f"/api/v1/deeds?project_id={row.id}",
    }


def _named(conn: Connection, project_id: int) -> list[dict[str, Any]]:
    name, _, _, sector = author_columns("")
    rows = conn.execute(
        select(_m.c.seat_id, name, sector)
        .select_from(join_author(_m, _m.c.seat_id))
        .where(_m.c.project_id == project_id)
        .order_by(_m.c.seat_id)
    )
    return [dict(row) for row in rows.mappings()]


def _track(conn: Connection, project_id: int, *, named: bool) -> list[dict[str, Any]]:
    rows = conn.execute(
        select(_t, _a.c.name)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.project_id == project_id)
        .order_by(_t.c.id)
    )
    return [
        {
            **{name: getattr(row, name) for name in ("at", "action", "text")},
            "action_label": _LABELS[row.action],
            "state": row.to_state,
            "state_label": LIFECYCLE.labels[ProjectState(row.to_state)],
            "name": row.name if named else None,
        }
        for row in rows
    ]


def campaigns(conn: Connection, actor: Actor) -> list[dict[str, str]]:
    """The campaigns of the projects that the actor may see, the one with the newest project first."""
    found = select(_p.c.campaign).where(visible_to(actor)).group_by(_p.c.campaign)
    names = conn.scalars(found.order_by(func.max(_p.c.id).desc()).limit(100))
    return [{"name": name, "path": f"/api/v1/projects?{urlencode({'campaign': name})}"} for name in names]


def open_title(conn: Connection, actor: Actor, project_id: int) -> str | None:
    """What an open project that the actor may see is called."""
    stands = (_p.c.id == project_id) & (_p.c.state == ProjectState.OPEN)
    title: str | None = conn.scalar(select(_p.c.title).where(stands, visible_to(actor)))
    return title
