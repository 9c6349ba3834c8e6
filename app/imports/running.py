"""The job of an import: checks the workbook or writes it, and tells how far it is.

The importers write some rows at a time and pass over what is there already, so a job whose worker was killed goes on
where it stood when it runs again.
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.auth.watch import tell
from app.core import clock, outbox
from app.core.db import Database
from app.core.errors import Conflict, Gone, Invalid, NotFound
from app.core.excel.reader import CellPlace, Stretch, Upload
from app.core.excel.report import Fault, ImportReport
from app.core.jobs.running import running
from app.core.jobs.short_transactions import parts
from app.core.sql import table
from app.files import service as files
from app.files.models import File
from app.imports.kinds import KINDS, ImportKind, Run
from app.imports.lifecycle import ImportState
from app.imports.models import SheetImport, SheetImportFault

CHECK_OR_APPLY = "imports.run"
#: Faults that are kept one by one; of more, only how many.
MOST_FAULTS = 5_000
#: Sentences of the report that speak of options of commands, as screens put it.
_ON_SCREENS = (
    ("（新增的可加 --create-groups）", "（确是新增的，请重新上传，选上“新建界别、专委会”）"),
    ("在命令后面加 --mark ", "重新上传，在“记号的意思”里写 "),
)
_ROWS_AT_ONCE = 500
_TELL_EVERY_SECONDS = 1.0

_i, _x, _file = table(SheetImport), table(SheetImportFault), table(File)


class _SupersededError(Exception):
    """The import was changed while it was being checked: another job does it."""


class _Job(NamedTuple):
    row: Any
    sha256: str


@outbox.handles_outside(CHECK_OR_APPLY, lane="batch")
def _run(database: Database, payload: dict[str, Any]) -> outbox.Write | None:
    job = _job(database, payload)
    if job is None:
        return None
    row, check = job.row, job.row.state == ImportState.CHECKING
    try:
        path = files.intact(files.folder(running()), job.sha256)
        upload = Upload(
            path,
            row.file_name,
            {CellPlace(sheet, at, column): value for sheet, at, column, value in row.mended},
            [Stretch(*one) for one in row.left_out],
        )
        progress = _Progress(database, row.id, row.revision)
        run = Run(database, upload, row.organization_id, row.options, check=check, progress=progress)
        report = KINDS[ImportKind(row.kind)].run(run)
    except _SupersededError:
        return None
    except (Invalid, Conflict, NotFound, Gone) as e:
        return partial(_failed, row=row, error=e.detail)
    return partial(_checked if check or report.faults else _applied, row=row, report=report)


def _job(database: Database, payload: dict[str, Any]) -> _Job | None:
    """The import as it is now with the bytes of its file; None when the job is not about it any more."""
    of_file = (_file.c.subject_type == "sheet_import") & (_file.c.subject_id == _i.c.id)
    found = select(_i, _file.c.sha256).join(_file, of_file).where(_i.c.id == payload["import_id"])
    with database.read.connect() as conn:
        row = conn.execute(found).first()
    if row is None or row.revision != payload["revision"]:
        return None
    return _Job(row, row.sha256) if row.state in {ImportState.CHECKING, ImportState.APPLYING} else None


class _Progress:
    """Writes down how far the import is, once a second; ends it when it was changed meanwhile."""

    def __init__(self, database: Database, import_id: int, revision: int) -> None:
        self._database, self._due = database, 0.0
        self._which = (_i.c.id == import_id) & (_i.c.revision == revision)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _TELL_EVERY_SECONDS
        told = update(_i).where(self._which).values(stage=stage, done=done, total=total).returning(_i.c.id)
        with self._database.transaction() as db:
            if db.scalar(told) is None:
                raise _SupersededError


def _settle(db: Session, row: Any, **values: Any) -> bool:
    """Write down what came of it; False when the import was changed meanwhile."""
    same = (_i.c.id == row.id) & (_i.c.revision == row.revision)
    settled = update(_i).where(same).values(stage="", done=0, total=0, **values).returning(_i.c.id)
    if db.scalar(settled) is None:
        return False
    db.execute(delete(_x).where(_x.c.import_id == row.id))
    return True


def _failed(db: Session, *, row: Any, error: str) -> None:
    _settle(db, row, state=ImportState.FAILED, error=error[:500], checked_at=clock.now(), fault_count=0)


def _checked(db: Session, *, row: Any, report: ImportReport) -> None:
    """What the check found; or why nothing, or not all, could be written after all."""
    faults = sorted(report.faults, key=lambda f: (f.sheet, f.row, len(f.column), f.column))
    if _settle(
        db,
        row,
        state=ImportState.CHECKED,
        checked_at=clock.now(),
        fault_count=len(faults),
        report=_said(report, row.report),
    ):
        numbered = list(enumerate(faults[:MOST_FAULTS], 1))
        for some in parts(numbered, _ROWS_AT_ONCE):
            db.execute(insert(_x), _rows(row.id, some))


def _applied(db: Session, *, row: Any, report: ImportReport) -> None:
    said = _said(report, row.report)
    if _settle(db, row, state=ImportState.APPLIED, applied_at=clock.now(), fault_count=0, report=said):
        tell(
            db,
            "import.applied",
            account_id=row.created_by,
            organization_id=row.organization_id,
            subject=("sheet_import", row.id),
            kind=row.kind,
            counts=report.counts,
        )


def _said(report: ImportReport, before: dict[str, Any]) -> dict[str, Any]:
    """The report without its faults; what was understood is said by the check."""
    return {
        "understood": report.understood or before.get("understood", []),
        "notes": report.notes,
        "counts": [[label, count] for label, count in report.counts.items()],
        "written": report.written,
    }


def _rows(import_id: int, faults: Sequence[tuple[int, Fault]]) -> list[dict[str, Any]]:
    return [
        {
            "import_id": import_id,
            "number": number,
            "sheet": fault.sheet[:120],
            "row": fault.row,
            "column": fault.column,
            "header": fault.header[:200],
            "value": fault.value,
            "row_text": fault.row_text,
            "detail": _on_screen(fault.detail)[:500],
            "start": fault.start,
            "end": fault.end,
            "in_header": fault.in_header,
        }
        for number, fault in faults
    ]


def _on_screen(detail: str) -> str:
    for of_command, of_screen in _ON_SCREENS:
        detail = detail.replace(of_command, of_screen)
    return detail
