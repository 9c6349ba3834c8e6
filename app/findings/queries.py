"""Reads of findings: staff see all, a unit those sent to it, members their own, leaders those that are released."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, false, func, or_, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission, Role
from app.casefiles.reads import only
from app.core.finding import contains_words
from app.core.lifecycle import Transition
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.findings.lifecycle import (
    FATE_LABELS,
    LIFECYCLE,
    SOURCES,
    TOLD,
    WITH_UNIT,
    Fate,
    FindingSource,
    FindingState,
)
from app.findings.models import Finding, FindingAuthor, FindingStep
from app.people.duty_years import local_time
from app.people.models import Seat, Unit
from app.people.queries import author_columns, join_author

_f, _w, _t = table(Finding), table(FindingAuthor), table(FindingStep)
_u, _s, _a = table(Unit), table(Seat), table(Account)
#: Characters of a suggestion that stand for it elsewhere.
EXCERPT = 40
_LABELS: dict[str, str] = {step.action: step.label for step in LIFECYCLE.transitions}


class FindingFilter(NamedTuple):
    """Which findings a list holds; `year` is the duty year in which the authors heard the answer."""

    state: FindingState | None = None
    source: FindingSource | None = None
    fate: Fate | None = None
    unit_id: int | None = None
    sector_id: int | None = None
    year: int | None = None
    mine: bool = False
    subject: tuple[str, int] | None = None
    text: str = ""


def _by(seats: Select[int] | Collection[int]) -> ColumnElement[bool]:
    by = _w.alias()  # figures join authors, too
    return exists().where(by.c.finding_id == _f.c.id, by.c.seat_id.in_(seats))


def own(actor: Actor) -> ColumnElement[bool]:
    """The suggestions of the actor's seats."""
    return _by(actor.seat_ids) if actor.seat_ids else false()


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `finding` that the actor may see."""
    here = _f.c.organization_id == actor.organization_id
    if actor.may(Permission.FINDING_MANAGE):
        return here
    seen = [own(actor)]
    if Role.LEADER in actor.roles:
        seen.append(_f.c.state == FindingState.RELEASED)
    if actor.unit_id is not None and actor.may(Permission.FINDING_ANSWER):
        seen.append((_f.c.unit_id == actor.unit_id) & _f.c.state.in_(WITH_UNIT))
    return here & or_(*seen)


def visible_findings(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.FINDING_READ):
        return set()
    return set(conn.scalars(select(_f.c.id).where(_f.c.id.in_(ids), visible_to(actor))))


_titles = subjects.titled(
    _f.c.id, func.substr(_f.c.body, 1, EXCERPT), where=_f.c.state == FindingState.RELEASED
)
subjects.register(
    subjects.Subject(
        "finding",
        "意见建议",
        visible_findings,
        "/api/v1/findings/{id}",
        titles=_titles,
    )
)


def _works_on(actor: Actor, unit_id: int | None) -> bool:
    """Whether the actor deals with a finding in office, and so reads what its authors do not yet."""
    own_unit = unit_id is not None and unit_id == actor.unit_id and actor.may(Permission.FINDING_ANSWER)
    return own_unit or actor.may(Permission.FINDING_MANAGE)


def steps_open_to(actor: Actor, state: str, unit_id: int | None) -> list[Transition[FindingState]]:
    """The steps that the actor may run; a unit's officer only on what was sent to the unit."""
    if not _works_on(actor, unit_id):
        return []
    return LIFECYCLE.open_to(FindingState(state), actor.permissions, author=False)


def _narrowed(conn: Connection, actor: Actor, found: Select[Any], wanted: FindingFilter) -> Select[Any]:
    columns = ("state", "source", "unit_id")
    same = [_f.c[name] == value for name in columns if (value := getattr(wanted, name)) is not None]
    if wanted.fate is not None:  # nobody finds by its fate what is not told yet
        same.append((_f.c.fate == wanted.fate) & (_f.c.state == FindingState.RELEASED))
    if wanted.sector_id is not None:
        same.append(_by(select(_s.c.id).where(_s.c.sector_id == wanted.sector_id)))
    if wanted.year is not None:
        first, last = span(conn, actor, wanted.year)
        same.append(_f.c.released_on.between(first, last))
    if wanted.subject is not None:
        same.append((_f.c.subject_type == wanted.subject[0]) & (_f.c.subject_id == wanted.subject[1]))
    return found.where(*same, own(actor) if wanted.mine else true(), contains_words(_f.c.body, wanted.text))


def span(conn: Connection, actor: Actor, year: int) -> tuple[date, date]:
    """First and last day of a duty year of the actor's organization."""
    return local_time(conn, actor.organization_id).years.days(year)


def _rows(actor: Actor) -> Select[Any]:
    return select(_f, _u.c.name.label("unit")).outerjoin(_u, _u.c.id == _f.c.unit_id).where(visible_to(actor))


def page_of_findings(
    conn: Connection, actor: Actor, wanted: FindingFilter, cursor: str | None, limit: int
) -> PageRows:
    """Findings that the actor may see, newest first."""
    found = _narrowed(conn, actor, _rows(actor), wanted)
    if cursor:
        found = found.where(before([_f.c.id], decode_cursor(cursor, int)))
    rows = [dict(row) for row in conn.execute(found.order_by(_f.c.id.desc()).limit(limit + 1)).mappings()]
    return page(_finished(conn, actor, rows), limit, ["id"])


def read(conn: Connection, actor: Actor, finding_id: int) -> dict[str, Any]:
    """One finding with its track; `NotFound` when it may not be seen."""
    row = only(conn, _rows(actor).where(_f.c.id == finding_id))
    reply_id, unit_id = row["reply_id"], row["unit_id"]
    (found,) = _finished(conn, actor, [row])
    works = _works_on(actor, unit_id)
    return {**found, "reply_id": reply_id, "steps": _track(conn, finding_id, works=works)}


def _finished(conn: Connection, actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `FindingRow`, with authors and sources in a statement or so each."""
    links = subjects.links(conn, actor, {(row["subject_type"], row["subject_id"]) for row in rows})
    names = _authors(conn, [row["id"] for row in rows])
    for row in rows:
        source, link = SOURCES[row["source"]], links.get((row["subject_type"], row["subject_id"]))
        if row["state"] != FindingState.RELEASED and not _works_on(actor, row["unit_id"]):
            row.update(dict.fromkeys(("fate", "reason", "result", "answered_at")))
        editable = row["state"] == FindingState.NOTED and actor.may(Permission.FINDING_MANAGE)
        waits = row["state"] == FindingState.SENT and row["due_on"] is not None
        row |= {
            "late": waits and row["due_on"] < actor.today,
            "state_label": LIFECYCLE.labels[row["state"]],
            "source_label": source.label,
            "source_title": link.title if link else source.label,
            "source_path": link and link.path,
            "authors": names[row["id"]],
            "fate_label": row["fate"] and FATE_LABELS[row["fate"]],
            "may_edit": editable,
            "actions": [
                {"action": step.action, "action_label": step.label, "needs_reason": step.needs_reason}
                for step in steps_open_to(actor, row["state"], row["unit_id"])
            ],
        }
        for name in ("organization_id", "subject_type", "subject_id", "reply_id", "created_by", "edited_at"):
            del row[name]
        del row["released_on"]
    return rows


def _authors(conn: Connection, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Who made which suggestions, the leading author first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    name, _post, _label, sector = author_columns("")
    query = (
        select(_w.c.finding_id, _w.c.seat_id, name, sector)
        .select_from(join_author(_w, _w.c.seat_id))
        .where(_w.c.finding_id.in_(ids))
        .order_by(_w.c.finding_id, _w.c.position)
    )
    for row in conn.execute(query).mappings() if ids else ():
        author = dict(row)
        found[author.pop("finding_id")].append(author)
    return found


def _track(conn: Connection, finding_id: int, *, works: bool) -> list[dict[str, Any]]:
    shown = true() if works else _t.c.action.in_(TOLD)
    rows = conn.execute(
        select(_t, _a.c.name)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.finding_id == finding_id, shown)
        .order_by(_t.c.id)
    )
    return [
        {
            "at": row.at,
            "action": row.action,
            "action_label": _LABELS[row.action],
            "state": row.to_state,
            "state_label": LIFECYCLE.labels[FindingState(row.to_state)],
            "name": row.name if works else None,
            "reason": row.reason,
            "fate_label": row.fate and FATE_LABELS[row.fate],
            "result": row.result,
        }
        for row in rows
    ]
