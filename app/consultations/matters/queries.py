"""Reads of matters: lists, one with all that belongs to it."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, true

from app.activities.models import Activity
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.casefiles.reads import only
from app.casefiles.steps import undone
from app.cases.rules import JUDGEMENT_LABELS, Judgement
from app.consultations.matters.lifecycle import (
    ACTION_LABELS,
    LIFECYCLE,
    SOURCE_LABELS,
    MatterSource,
    MatterState,
)
from app.consultations.matters.models import Matter, MatterStep
from app.consultations.matters.notes.queries import of_matter
from app.consultations.matters.rights import (
    LAST,
    convened,
    steps_open_to,
    verbs_open_to,
    visible_to,
    works_on,
)
from app.consultations.venues.models import Venue
from app.consultations.venues.rules import LEVEL_LABELS, VenueLevel
from app.core.finding import contains_words
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import AnyRow, table
from app.findings.lifecycle import FATE_LABELS, Fate, FindingState
from app.findings.lifecycle import LIFECYCLE as FINDINGS
from app.findings.models import Finding
from app.people.models import Unit

_m, _t, _v, _y = table(Matter), table(MatterStep), table(Venue), table(Activity)
_a, _f, _u = table(Account), table(Finding), table(Unit)
_SAME = ("state", "source", "venue_id", "activity_id", "solved", "judgement")
#: Columns of a matter that are shown as they are.
_SHOWN = (
    *("id", "version", "state", "source", "title", "body", "seat_id", "venue_id", "activity_id", "into_id"),
    *("met_at", "solved", "result", "judgement", "released_at", "created_at"),
)
#: Whether suggestions were made of a matter.
led_to_findings = exists().where(
    _f.c.subject_type == "matter", _f.c.subject_id == _m.c.id, _f.c.state != FindingState.DISCARDED
)


class MatterFilter(NamedTuple):
    """Which matters a list holds."""

    state: MatterState | None = None
    source: MatterSource | None = None
    venue_id: int | None = None
    level: VenueLevel | None = None
    activity_id: int | None = None
    met: bool | None = None
    with_findings: bool | None = None
    solved: bool | None = None
    judgement: Judgement | None = None
    released: bool | None = None
    mine: bool = False
    convened: bool = False
    text: str = ""


def _narrowed(actor: Actor, found: Select[Any], wanted: MatterFilter) -> Select[Any]:
    same = [_m.c[name] == value for name in _SAME if (value := getattr(wanted, name)) is not None]
    for is_so, asked in (
        (_m.c.met_at.is_not(None), wanted.met),
        (led_to_findings, wanted.with_findings),
        (_m.c.released_at.is_not(None), wanted.released),
    ):
        if asked is not None:
            same.append(is_so if asked else ~is_so)
    if wanted.level is not None:
        same.append(_v.c.level == wanted.level)
    if wanted.mine:
        same.append(_m.c.account_id == actor.account_id)
    if wanted.convened:
        same.append(convened(actor))
    return found.where(true(), *same, contains_words(_m.c.title, wanted.text))


def rows(which: ColumnElement[bool]) -> Select[Any]:
    """Matters with what says who works on them and what they are shown with."""
    joined = (
        _m.outerjoin(_v, _v.c.id == _m.c.venue_id)
        .outerjoin(_y, _y.c.id == _m.c.activity_id)
        .outerjoin(_a, _a.c.id == _m.c.account_id)
    )
    named = (
        _v.c.name.label("venue"),
        _v.c.level,
        _v.c.convener_id,
        _y.c.title.label("activity"),
        _a.c.name.label("account"),
    )
    return select(_m, *named, *LAST).select_from(joined).where(which)


def page_of_matters(
    conn: Connection, actor: Actor, wanted: MatterFilter, cursor: str | None, limit: int
) -> PageRows:
    """Matters that the actor may see, newest first."""
    found = _narrowed(actor, rows(visible_to(actor)), wanted)
    if cursor:
        found = found.where(before([_m.c.id], decode_cursor(cursor, int)))
    newest = conn.execute(found.order_by(_m.c.id.desc()).limit(limit + 1)).all()
    return page([_finished(actor, row) for row in newest], limit, ["id"])


def read(conn: Connection, actor: Actor, matter_id: int) -> dict[str, Any]:
    """One matter with its notes, suggestions and track; `NotFound` when it may not be seen."""
    only(conn, select(_m.c.id).where(_m.c.id == matter_id, visible_to(actor)))
    row = conn.execute(rows(_m.c.id == matter_id)).one()
    works = works_on(actor, row.convener_id)
    merged = select(_m.c.title).where(_m.c.into_id == matter_id, _m.c.state == MatterState.MERGED)
    words = {name: getattr(row, f"released_{name}") for name in ("title", "problem", "result")}
    return _finished(actor, row) | {
        "merged": list(conn.scalars(merged.order_by(_m.c.id))) if works else [],
        "release": words if row.released_at else None,
        "notes": of_matter(conn, actor, matter_id),
        "findings": _findings(conn, actor, matter_id, works=works),
        "steps": _track(conn, matter_id, named=works),
        "may": verbs_open_to(actor, row),
    }


def _finished(actor: Actor, row: AnyRow) -> dict[str, Any]:
    """A row as `MatterRow`."""
    source = MatterSource(row.source)
    return {
        **{name: getattr(row, name) for name in (*_SHOWN, "venue", "level", "activity")},
        "state_label": LIFECYCLE.labels[MatterState(row.state)],
        "source_label": SOURCE_LABELS[source],
        "brought_by": row.company or row.account or SOURCE_LABELS[source],
        "level_label": row.level and LEVEL_LABELS[VenueLevel(row.level)],
        "judgement_label": row.judgement and JUDGEMENT_LABELS[Judgement(row.judgement)],
        "actions": [
            {"action": step.action, "action_label": step.label, "needs_reason": step.needs_reason}
            for step in steps_open_to(actor, row)
        ],
    }


def _findings(conn: Connection, actor: Actor, matter_id: int, *, works: bool) -> list[dict[str, Any]]:
    shown = _f.c.state != FindingState.DISCARDED if works else _f.c.state == FindingState.RELEASED
    found = conn.execute(
        select(_f, _u.c.name.label("unit"))
        .outerjoin(_u, _u.c.id == _f.c.unit_id)
        .where(_f.c.subject_type == "matter", _f.c.subject_id == matter_id, shown)
        .order_by(_f.c.id)
    ).all()
    paths = subjects.paths(conn, actor, {("finding", row.id) for row in found})
    return [
        {
            **{name: getattr(row, name) for name in ("id", "body", "unit", "due_on", "result")},
            "state_label": FINDINGS.labels[FindingState(row.state)],
            "fate_label": row.fate and FATE_LABELS[Fate(row.fate)],
            "path": paths.get(("finding", row.id)),
        }
        for row in found
    ]


def _track(conn: Connection, matter_id: int, *, named: bool) -> list[dict[str, Any]]:
    steps = conn.execute(
        select(_t, func.coalesce(_a.c.name, SOURCE_LABELS[MatterSource.CITIZEN]).label("name"))
        .add_columns(undone(_t).label("undone"))
        .outerjoin(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.matter_id == matter_id)
        .order_by(_t.c.id)
    )
    return [
        {
            **{name: getattr(row, name) for name in ("at", "action", "reason")},
            "result": row.result if named or not row.undone else None,
            "undone": bool(row.undone),
            "action_label": ACTION_LABELS[row.action],
            "state": row.to_state,
            "state_label": LIFECYCLE.labels[MatterState(row.to_state)],
            "name": row.name if named else None,
        }
        for row in steps
    ]
