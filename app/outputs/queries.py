"""Reads of outputs: staff see all; who is named, gets or may read an issued one sees it."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission, Role
from app.casefiles import reads
from app.casefiles.steps import label, undone
from app.core.finding import contains_words
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.files.queries import attached
from app.outputs.lifecycle import (
    ACTION_LABELS,
    KIND_LABELS,
    LIFECYCLE,
    NEWS,
    OPEN,
    UPWARD,
    OutputAction,
    OutputKind,
    OutputState,
    number_label,
)
from app.outputs.models import Output, OutputAuthor, OutputStep, OutputUnit, OutputVersion
from app.outputs.steps import actions
from app.people.bodies import queries as bodies
from app.people.models import Unit
from app.people.queries import author_columns, join_author

_o, _w, _g, _t = table(Output), table(OutputAuthor), table(OutputUnit), table(OutputStep)
_v, _u, _a = table(OutputVersion), table(Unit), table(Account)


class OutputFilter(NamedTuple):
    """Which outputs a list holds; `year` is that of the number."""

    kind: OutputKind | None = None
    state: OutputState | None = None
    year: int | None = None
    body_id: int | None = None
    mine: bool = False
    text: str = ""


def own(actor: Actor) -> ColumnElement[bool]:
    """The outputs in which a seat of the actor is named, or a body for which the actor may act."""
    named = exists().where(_w.c.output_id == _o.c.id, _w.c.seat_id.in_(actor.seat_ids))
    return named | bodies.acts_for(actor, _o.c.body_id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `output` that the actor may see."""
    here = _o.c.organization_id == actor.organization_id
    if actor.may(Permission.OUTPUT_MANAGE):
        return here
    seen = [own(actor)]
    if actor.may(Permission.CIRCLE_READ):
        seen.append(_o.c.released.is_(True))
    if Role.LEADER in actor.roles:
        seen.append(true())
    if actor.unit_id is not None:
        seen.append(exists().where(_g.c.output_id == _o.c.id, _g.c.unit_id == actor.unit_id))
    return here & _o.c.state.in_(UPWARD) & or_(*seen)


def visible_outputs(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.OUTPUT_READ):
        return set()
    return set(conn.scalars(select(_o.c.id).where(_o.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "output",
        "成果件",
        visible_outputs,
        "/api/v1/outputs/{id}",
        titles=subjects.titled(_o.c.id, _o.c.title, where=_o.c.released & _o.c.state.in_(UPWARD)),
    )
)

_comments = (
    select(func.count())
    .where(_t.c.output_id == _o.c.id, _t.c.action == OutputAction.COMMENT, ~undone(_t))
    .scalar_subquery()
)
_LISTED = (
    *(_o.c[name] for name in ("id", "version", "kind", "state", "title", "issue_year", "issue_number")),
    *(_o.c[name] for name in ("issued_on", "body_id", "released", "created_at", "edited_at")),
    bodies.name_of(_o.c.body_id).label("body_name"),
    _comments.label("comment_count"),
)


def page_of_outputs(
    conn: Connection, actor: Actor, wanted: OutputFilter, cursor: str | None, limit: int
) -> PageRows:
    """Outputs that the actor may see, newest first."""
    columns = {"kind": _o.c.kind, "state": _o.c.state, "year": _o.c.issue_year, "body_id": _o.c.body_id}
    same = [column == value for name, column in columns.items() if (value := getattr(wanted, name))]
    found = select(*_LISTED).where(visible_to(actor), *same, contains_words(_o.c.title, wanted.text))
    if wanted.mine:
        found = found.where(own(actor))
    if cursor:
        found = found.where(before([_o.c.id], decode_cursor(cursor, int)))
    rows = [dict(row) for row in conn.execute(found.order_by(_o.c.id.desc()).limit(limit + 1)).mappings()]
    return page(_finished(conn, rows), limit, ["id"])


def read(conn: Connection, actor: Actor, output_id: int) -> dict[str, Any]:
    """One output whole, with its track and what the actor may do; `NotFound` when it may not be seen."""
    whole = select(*_LISTED, _o.c.body, _o.c.addressees, _o.c.copies)
    (row,) = _finished(conn, [reads.only(conn, whole.where(_o.c.id == output_id, visible_to(actor)))])
    works = actor.may(Permission.OUTPUT_MANAGE)
    units = select(_u.c.id, _u.c.name).join(_g, _g.c.unit_id == _u.c.id).where(_g.c.output_id == output_id)
    return row | {
        "units": [dict(unit) for unit in conn.execute(units.order_by(_u.c.id)).mappings()],
        "files": attached(conn, "output", [output_id])[output_id],
        "steps": _track(conn, output_id, works=works),
        "may_edit": works and row["state"] in OPEN,
        "actions": actions(conn, row) if works else [],
    }


def _finished(conn: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `OutputRow`, their authors in one statement."""
    names = _authors(conn, [row["id"] for row in rows])
    for row in rows:
        row |= {
            "kind_label": KIND_LABELS[row["kind"]],
            "state_label": LIFECYCLE.labels[row["state"]],
            "number_label": number_label(row["kind"], row.pop("issue_year"), row.pop("issue_number")),
            "authors": names[row["id"]],
        }
    return rows


def _authors(conn: Connection, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Who is named in which outputs, the leading author first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    name, _post, _label, sector = author_columns("")
    query = (
        select(_w.c.output_id, _w.c.seat_id, name, sector)
        .select_from(join_author(_w, _w.c.seat_id))
        .where(_w.c.output_id.in_(ids))
        .order_by(_w.c.output_id, _w.c.position)
    )
    for row in conn.execute(query).mappings() if ids else ():
        author = dict(row)
        found[author.pop("output_id")].append(author)
    return found


def _track(conn: Connection, output_id: int, *, works: bool) -> list[dict[str, Any]]:
    names = ("id", "at", "action", "from_state", "to_state", "reason", "who", "said_on", "words")
    steps = (
        select(*(_t.c[name] for name in names), undone(_t).label("undone"), _a.c.name)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.output_id == output_id)
        .order_by(_t.c.id)
    )
    if not works:
        steps = steps.where(_t.c.action.in_(NEWS), ~undone(_t))
    rows = [dict(row) for row in conn.execute(steps).mappings()]
    label(rows, ACTION_LABELS, LIFECYCLE.labels)
    return rows if works else [row | {"name": None} for row in rows]


def _versions(actor: Actor, output_id: int, *further: ColumnElement[Any]) -> Select[Any]:
    return (
        select(_v.c.version, _v.c.title, _a.c.name.label("saved_by"), _v.c.saved_at, *further)
        .select_from(_v.join(_o, _o.c.id == _v.c.output_id).join(_a, _a.c.id == _v.c.saved_by))
        .where(_v.c.output_id == output_id, visible_to(actor))
    )


def page_of_versions(
    conn: Connection, actor: Actor, output_id: int, cursor: str | None, limit: int
) -> PageRows:
    """The saved versions of a text, newest first."""
    reads.only(conn, select(_o.c.id).where(_o.c.id == output_id, visible_to(actor)))
    return reads.page_of_versions(conn, _versions(actor, output_id), _v.c.version, cursor, limit)


def version(conn: Connection, actor: Actor, output_id: int, number: int) -> dict[str, Any]:
    """The text of one version."""
    return reads.only(conn, _versions(actor, output_id, _v.c.body).where(_v.c.version == number))
