"""Reads of imports: those of a kind that the actor may import, in its organization."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.casefiles import reads
from app.core.paging import PageRows, after, before, decode_cursor, page
from app.core.sql import length, table
from app.imports.kinds import KINDS, ImportKind
from app.imports.lifecycle import ACTION_LABELS, STATE_LABELS, allowed_actions
from app.imports.models import SheetImport, SheetImportFault

_i, _f, _a = table(SheetImport), table(SheetImportFault), table(Account)


def kinds_of(actor: Actor) -> list[ImportKind]:
    """What the actor may import: workbooks name all members, so a right for one committee alone is not enough."""
    whole = actor.permissions - actor.limited
    return [kind for kind, of in KINDS.items() if of.permission in whole]


def kinds(actor: Actor) -> list[dict[str, Any]]:
    """As `kinds_of`, for the form that begins an import."""
    return [
        {"kind": kind, "kind_label": KINDS[kind].label, "options": sorted(KINDS[kind].options)}
        for kind in kinds_of(actor)
    ]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Imports that the actor sees."""
    return (_i.c.organization_id == actor.organization_id) & _i.c.kind.in_(kinds_of(actor))


def page_of_imports(conn: Connection, actor: Actor, cursor: str | None, limit: int) -> PageRows:
    """Imports, newest first."""
    conditions = [visible_to(actor)]
    if cursor:
        conditions.append(before([_i.c.id], decode_cursor(cursor, int)))
    rows = _rows(conn).where(*conditions).order_by(_i.c.id.desc()).limit(limit + 1)
    return page([_row(r) for r in conn.execute(rows).mappings()], limit, ["id"])


def one_import(conn: Connection, actor: Actor, import_id: int) -> dict[str, Any]:
    """One import with what was understood; `NotFound` out of sight."""
    whole = _rows(conn).add_columns(_i.c.report, _i.c.left_out, _i.c.created_by)
    sheet_import = reads.only(conn, whole.where(visible_to(actor), _i.c.id == import_id))
    in_header = exists().where(_f.c.import_id == import_id, _f.c.in_header)
    actions = allowed_actions(
        sheet_import["state"],
        sheet_import["fault_count"],
        in_header=bool(conn.scalar(select(in_header))),
        own=sheet_import["created_by"] == actor.account_id,
    )
    report = sheet_import["report"]
    counts = [{"label": label, "count": count} for label, count in report.get("counts", [])]
    return _row(sheet_import) | {
        "understood": report.get("understood", []),
        "notes": report.get("notes", []),
        "counts": counts,
        "written": report.get("written", 0),
        "left_out": [{"sheet": sheet, "row": row} for sheet, row, *_ in sheet_import["left_out"]],
        "actions": [{"action": action, "action_label": ACTION_LABELS[action]} for action in actions],
    }


_COLUMNS = (
    "id",
    "kind",
    "file_name",
    "state",
    "revision",
    "stage",
    "done",
    "total",
    "fault_count",
    "error",
    "created_at",
    "checked_at",
    "applied_at",
)
_SHOWN = (*_COLUMNS, "created_by_name", "mended_count", "left_out_count")


def _rows(conn: Connection) -> Select[Any]:
    """Imports as lists show them: what was mended, thousands of cells perhaps, is counted and not read."""
    return select(
        *(_i.c[name] for name in _COLUMNS),
        _a.c.name.label("created_by_name"),
        length(conn, _i.c.mended).label("mended_count"),
        length(conn, _i.c.left_out).label("left_out_count"),
    ).join(_a, _a.c.id == _i.c.created_by)


def _row(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in _SHOWN} | {
        "kind_label": KINDS[ImportKind(row["kind"])].label,
        "state_label": STATE_LABELS[row["state"]],
    }


def page_of_faults(
    conn: Connection, actor: Actor, import_id: int, cursor: str | None, limit: int
) -> PageRows:
    """What the last check found wrong, in the order of the workbook; `NotFound` out of sight."""
    subjects.require(conn, actor, "sheet_import", import_id)
    conditions = [_f.c.import_id == import_id]
    if cursor:
        conditions.append(after([_f.c.number], decode_cursor(cursor, int)))
    names = ("number", "sheet", "row", "column", "header", "value", "row_text", "detail", "in_header")
    rows = select(*(_f.c[name] for name in names)).where(*conditions).order_by(_f.c.number).limit(limit + 1)
    faults = [dict(row) for row in conn.execute(rows).mappings()]
    for row in faults:
        row["can_leave_out"] = not row.pop("in_header")
    return page(faults, limit, ["number"])


def faults(conn: Connection, import_id: int, numbers: list[int] | None = None) -> list[Any]:
    """Place and table of the faults of an import, or of some of them."""
    conditions = [_f.c.import_id == import_id]
    if numbers is not None:
        conditions.append(_f.c.number.in_(numbers))
    columns = (_f.c.number, _f.c.sheet, _f.c.row, _f.c.start, _f.c.end, _f.c.in_header)
    return list(conn.execute(select(*columns).where(*conditions)).all())


def _visible(conn: Connection, actor: Actor, ids: Any) -> set[int]:
    return set(conn.scalars(select(_i.c.id).where(visible_to(actor), _i.c.id.in_(ids))))


subjects.register(
    subjects.Subject(
        "sheet_import",
        "表格导入",
        _visible,
        "/api/v1/imports/{id}",
        titles=subjects.titled(_i.c.id, _i.c.file_name),
    )
)
