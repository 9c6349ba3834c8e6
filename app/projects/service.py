"""Verbs of projects: begin, change, run a step; their members hear of it, and the audit log keeps who did it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, Stale
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.bodies.models import Body
from app.people.bodies.service import referring
from app.people.models import Seat
from app.projects import queries
from app.projects.lifecycle import LIFECYCLE, ProjectAction, ProjectState
from app.projects.models import Project, ProjectMember, ProjectStep
from app.projects.schemas import ProjectIn, ProjectOut, ProjectStepIn

_p, _m, _t = table(Project), table(ProjectMember), table(ProjectStep)
_b, _s = table(Body), table(Seat)
referring.append(_p.c.body_id)
_CHANGE = update(_p).where(_p.c.id == bindparam("known")).values(version=_p.c.version + 1)


def begin(db: Session, actor: Actor, new: ProjectIn) -> ProjectOut:
    """Begin a project; its members hear of it."""
    _require_manages(db, actor, new.body_id)
    [project_id] = write(db, actor.organization_id, [values(db, actor.organization_id, new)])
    tell_joined(db, actor.organization_id, [project_id], actor.today)
    audit(db, actor, "project.begun", ("project", project_id), campaign=new.campaign)
    return _read(db, actor, project_id)


def edit(db: Session, actor: Actor, project_id: int, version: int, new: ProjectIn) -> ProjectOut:
    """Change a project while it is open; who joins it hears of it."""
    row = steps.lock(db, select(_p).where(_p.c.id == project_id, queries.visible_to(actor)))
    for body_id in {row.body_id, new.body_id}:
        _require_manages(db, actor, body_id)
    if row.state != ProjectState.OPEN:
        label = LIFECYCLE.labels[ProjectState(row.state)]
        raise Conflict(f"当前状态为“{label}”，不能修改。", code="not_editable", state=row.state)
    if row.version != version:
        raise Stale(current=_read(db, actor, project_id).model_dump(mode="json"))
    before = queries.members_of(db.connection(), [project_id], actor.today)
    change(db, {project_id: values(db, actor.organization_id, new)})
    tell_joined(db, actor.organization_id, [project_id], actor.today, before)
    audit(db, actor, "project.edited", ("project", project_id))
    return _read(db, actor, project_id)


def step(db: Session, actor: Actor, project_id: int, version: int, wanted: ProjectStepIn) -> ProjectOut:
    """Run one step on the version that the caller has seen."""
    row = steps.lock(db, select(_p).where(_p.c.id == project_id, queries.visible_to(actor)))
    taken = LIFECYCLE.step(ProjectState(row.state), wanted.action)
    _require_manages(db, actor, row.body_id)
    if row.version != version:
        raise Stale(current=_read(db, actor, project_id).model_dump(mode="json"))
    taken.check_reason(None, wanted.text)
    summary = wanted.text if wanted.action is ProjectAction.CLOSE else None
    steps.move(db, _p, row, taken.target, version=version + 1, summary=summary)
    track = {
        "project_id": project_id,
        "at": clock.now(),
        "account_id": actor.account_id,
        "action": wanted.action,
        "from_state": row.state,
        "to_state": taken.target,
        "text": wanted.text,
    }
    db.connection().execute(insert(_t).values(track))
    sentence = taken.news.format(title=row.title, text=wanted.text)
    members = queries.members_of(db.connection(), [project_id], actor.today)[project_id]
    _tell(db, actor.organization_id, project_id, members - {actor.seat_id}, sentence)
    subject = ("project", project_id)
    audit(db, actor, f"project.{wanted.action}", subject, **{"from": row.state, "to": taken.target})
    return _read(db, actor, project_id)


def write(db: Session, organization_id: int, rows: list[dict[str, Any]]) -> list[int]:
    """Write new projects, as `values` has them; their ids."""
    conn = db.connection()
    more = {"organization_id": organization_id, "state": ProjectState.OPEN, "version": 1}
    columns = [{name: row[name] for name in row if name != "member_ids"} | more for row in rows]
    new = insert(_p).returning(_p.c.id, sort_by_parameter_order=True)
    ids = list(conn.scalars(new, columns)) if rows else []
    _name(db, {project_id: row["member_ids"] for project_id, row in zip(ids, rows, strict=True)})
    return ids


def change(db: Session, changed: Mapping[int, dict[str, Any]]) -> None:
    """Change projects, by their ids, to what `values` has."""
    if not changed:
        return
    conn = db.connection()
    rows = [
        {name: value for name, value in row.items() if name != "member_ids"} | {"known": project_id}
        for project_id, row in changed.items()
    ]
    conn.execute(_CHANGE, rows)
    conn.execute(delete(_m).where(_m.c.project_id.in_(changed)))
    _name(db, {project_id: row["member_ids"] for project_id, row in changed.items()})


def values(db: Session, organization_id: int, new: ProjectIn) -> dict[str, Any]:
    """The columns of a project, with who is named; `Invalid` for what does not fit together."""
    conn = db.connection()
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid("截止日期早于开始日期。", code="ends_before_start")
    own = select(_b.c.id).where(_b.c.id == new.body_id, _b.c.organization_id == organization_id)
    if new.body_id is not None and conn.scalar(own) is None:
        raise Invalid("没有这个参加单位。", code="unknown_body")
    seats = {*new.member_ids, *filter(None, [new.leader_seat_id])}
    held = (_s.c.ends_on >= new.starts_on) & (_s.c.starts_on <= (new.ends_on or _s.c.ends_on))
    here = select(_s.c.id).where(_s.c.organization_id == organization_id, _s.c.id.in_(seats), held)
    if set(conn.scalars(here)) != seats:
        raise Invalid("项目期间没有这位委员在任。", code="unknown_seat")
    return new.model_dump() | {"member_ids": sorted(set(new.member_ids))}


def tell_joined(
    db: Session,
    organization_id: int,
    ids: Iterable[int],
    today: date,
    before: Mapping[int, Collection[int]] | None = None,
) -> None:
    """Tell members in which projects they take part from now on: one notice for each, however many projects."""
    conn, ids = db.connection(), list(ids)
    titles = dict(conn.execute(select(_p.c.id, _p.c.title).where(_p.c.id.in_(ids)).order_by(_p.c.id)).all())
    members = queries.members_of(conn, ids, today)
    joined = {of: members[of] - set((before or {}).get(of, ())) for of in titles}
    told = defaultdict[tuple[int, ...], list[int]](list)
    for seat_id in sorted(set().union(*joined.values())):
        told[tuple(of for of in titles if seat_id in joined[of])].append(seat_id)
    for projects, seats in told.items():
        count = f"等 {len(projects)} 个" if len(projects) > 1 else ""
        sentence = f"办实事项目“{titles[projects[0]]}”{count}请您参加"
        _tell(db, organization_id, projects[0], seats, sentence)


def _require_manages(db: Session, actor: Actor, body_id: int | None) -> None:
    """`Forbidden` unless the actor is staff, or the head of the body."""
    if actor.may(Permission.PROJECT_MANAGE):
        return
    head = db.connection().scalar(select(_b.c.head_seat_id).where(_b.c.id == body_id))
    if actor.seat_id is None or head != actor.seat_id:
        raise Forbidden("项目由机关和参加单位的负责人登记。", code="not_manager")


def _name(db: Session, named: Mapping[int, Collection[int]]) -> None:
    rows = [{"project_id": of, "seat_id": seat_id} for of, seats in named.items() for seat_id in seats]
    if rows:
        db.connection().execute(insert(_m), rows)


def _tell(db: Session, organization_id: int, project_id: int, seats: Collection[int], sentence: str) -> None:
    notify_seats(db, organization_id, seats, NoticeKind.PROJECT_CHANGED, sentence, ("project", project_id))


def _read(db: Session, actor: Actor, project_id: int) -> ProjectOut:
    return ProjectOut.model_validate(queries.read(db.connection(), actor, project_id))
