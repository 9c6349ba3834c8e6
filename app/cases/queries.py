"""Reads of cases: staff see all, a unit those given to it, reporters their own, leaders what was accepted."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, literal, or_, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission, Role
from app.casefiles.reads import only
from app.casefiles.steps import last_of, undone
from app.cases.lifecycle import BEFORE, LIFECYCLE, OPEN, UNDOES, WITH_UNIT, CaseAction, CaseState
from app.cases.models import CaseStep, Company, DutyCase
from app.cases.rules import JUDGEMENT_LABELS, KIND_LABELS, PROBLEM_LABELS, CaseKind, Judgement, ProblemClass
from app.core.finding import contains_words
from app.core.lifecycle import Transition
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import AnyRow, table
from app.people.models import Unit

_c, _t, _m = table(DutyCase), table(CaseStep), table(Company)
_u, _a = table(Unit), table(Account)
_LABELS: dict[str, str] = {step.action: step.label for step in LIFECYCLE.transitions}
LAST_ACTION = last_of(_t, _t.c.action, _t.c.case_id == _c.c.id).label("last_action")
#: Comes after every day that something is due.
_NEVER = date(9999, 12, 31)
_SAME = ("state", "kind", "problem_class", "unit_id", "company_id", "judgement", "in_time")
#: Columns of a case that are shown as they are.
_SHOWN = (
    *("id", "version", "state", "kind", "title", "body", "seat_id", "company_id", "problem_class", "unit_id"),
    *("due_on", "answer", "answered_at", "in_time", "judgement", "created_at"),
)


class CaseFilter(NamedTuple):
    """Which cases a list holds."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    problem_class: ProblemClass | None = None
    unit_id: int | None = None
    company_id: int | None = None
    judgement: Judgement | None = None
    in_time: bool | None = None
    answered: bool | None = None
    late: bool = False
    mine: bool = False
    text: str = ""


def is_late(actor: Actor) -> ColumnElement[bool]:
    """Cases whose answer is overdue."""
    return _c.c.state.in_(OPEN) & (_c.c.due_on < actor.today)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `duty_case` that the actor may see; what was withdrawn is its reporter's alone."""
    seen = [_c.c.account_id == actor.account_id]
    if actor.may(Permission.CASE_MANAGE):
        seen.append(_c.c.state != CaseState.WITHDRAWN)
    if Role.LEADER in actor.roles:
        seen.append(_c.c.state.not_in(BEFORE))
    if actor.unit_id is not None and actor.may(Permission.CASE_ANSWER):
        seen.append((_c.c.unit_id == actor.unit_id) & _c.c.state.in_(WITH_UNIT))
    return (_c.c.organization_id == actor.organization_id) & or_(*seen)


def visible_cases(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.CASE_READ):
        return set()
    return set(conn.scalars(select(_c.c.id).where(_c.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "case",
        "履职呼叫和问题",
        visible_cases,
        "/api/v1/cases/{id}",
        titles=subjects.excerpted(_c.c.id, _c.c.title, 120),
    )
)


def _works_on(actor: Actor, unit_id: int | None) -> bool:
    """Whether the actor deals with a case in office."""
    own_unit = unit_id is not None and unit_id == actor.unit_id and actor.may(Permission.CASE_ANSWER)
    return own_unit or actor.may(Permission.CASE_MANAGE)


def steps_open_to(actor: Actor, row: AnyRow) -> list[Transition[CaseState]]:
    """The steps that the actor may run: as the reporter, and as who works on it."""
    works, author = _works_on(actor, row.unit_id), row.account_id == actor.account_id
    return [
        step
        for step in LIFECYCLE.open_to(CaseState(row.state), actor.permissions, author=author)
        if (step.by_author or works)
        and row.last_action in UNDOES.get(CaseAction(step.action), {row.last_action})
    ]


def _narrowed(actor: Actor, found: Select[Any], wanted: CaseFilter) -> Select[Any]:
    same = [_c.c[name] == value for name in _SAME if (value := getattr(wanted, name)) is not None]
    if wanted.answered is not None:
        same.append(_c.c.answered_at.is_not(None) == wanted.answered)
    if wanted.late:
        same.append(is_late(actor))
    if wanted.mine:
        same.append(_c.c.account_id == actor.account_id)
    return found.where(true(), *same, contains_words(_c.c.title, wanted.text))


def _rows(actor: Actor) -> Select[Any]:
    joined = (
        _c.outerjoin(_u, _u.c.id == _c.c.unit_id)
        .outerjoin(_m, _m.c.id == _c.c.company_id)
        .join(_a, _a.c.id == _c.c.account_id)
    )
    named = _u.c.name.label("unit"), _m.c.name.label("company"), _a.c.name.label("reporter")
    return (
        select(_c, *named, LAST_ACTION, is_late(actor).label("late"))
        .select_from(joined)
        .where(visible_to(actor))
    )


def page_of_cases(
    conn: Connection, actor: Actor, wanted: CaseFilter, cursor: str | None, limit: int
) -> PageRows:
    """Cases that the actor may see: what is due first comes first, then the newest; one's own newest first."""
    due = literal(_NEVER) if wanted.mine else case((_c.c.state.in_(OPEN), _c.c.due_on), else_=_NEVER)
    order = [due, -_c.c.id]
    found = _narrowed(actor, _rows(actor).add_columns(due.label("place"), (-_c.c.id).label("newest")), wanted)
    if cursor:
        found = found.where(after(order, decode_cursor(cursor, date, int)))
    rows = conn.execute(found.order_by("place", "newest").limit(limit + 1)).all()
    listed = page([dict(row._mapping) for row in rows], limit, ["place", "newest"])  # noqa: SLF001
    return {"items": [_finished(actor, row) for row in rows[:limit]], "next": listed["next"]}


def read(conn: Connection, actor: Actor, case_id: int) -> dict[str, Any]:
    """One case with its track, for staff with whom to ask; `NotFound` when it may not be seen."""
    only(conn, select(_c.c.id).where(_c.c.id == case_id, visible_to(actor)))
    row = conn.execute(_rows(actor).where(_c.c.id == case_id)).one()
    works = _works_on(actor, row.unit_id)
    return _finished(actor, row) | {
        "contact": row.contact if actor.may(Permission.CASE_MANAGE) and row.contact else None,
        "steps": _track(conn, case_id, named=works),
    }


def _finished(actor: Actor, row: AnyRow) -> dict[str, Any]:
    """A row as `CaseRow`."""
    return {
        **{name: getattr(row, name) for name in (*_SHOWN, "unit", "company", "reporter")},
        "late": bool(row.late),
        "state_label": LIFECYCLE.labels[CaseState(row.state)],
        "kind_label": KIND_LABELS[CaseKind(row.kind)],
        "problem_class_label": row.problem_class and PROBLEM_LABELS[ProblemClass(row.problem_class)],
        "judgement_label": row.judgement and JUDGEMENT_LABELS[Judgement(row.judgement)],
        "actions": [
            {"action": step.action, "action_label": step.label, "needs_reason": step.needs_reason}
            for step in steps_open_to(actor, row)
        ],
    }


def _track(conn: Connection, case_id: int, *, named: bool) -> list[dict[str, Any]]:
    rows = conn.execute(
        select(_t, _a.c.name, _u.c.name.label("unit"), undone(_t).label("undone"))
        .join(_a, _a.c.id == _t.c.account_id)
        .outerjoin(_u, _u.c.id == _t.c.unit_id)
        .where(_t.c.case_id == case_id)
        .order_by(_t.c.id)
    )
    return [
        {
            **{name: getattr(row, name) for name in ("at", "action", "reason", "unit", "due_on")},
            "undone": bool(row.undone),
            "answer": row.answer if named or not row.undone else None,
            "action_label": _LABELS[row.action],
            "state": row.to_state,
            "state_label": LIFECYCLE.labels[CaseState(row.to_state)],
            "name": row.name if named else None,
        }
        for row in rows
    ]


def companies(conn: Connection, actor: Actor, text: str) -> list[dict[str, Any]]:
    """The first companies of the register whose name has some words."""
    here = (_m.c.organization_id == actor.organization_id, contains_words(_m.c.name, text))
    found = select(_m.c.id, _m.c.name).where(*here).order_by(_m.c.name).limit(20)
    return [
        {**row, "path": f"/api/v1/cases?company_id={row['id']}"} for row in conn.execute(found).mappings()
    ]
