"""Begins, mends and applies imports: the only writer of them beside the job that runs them."""

from datetime import timedelta
from typing import Any

from openpyxl.utils import column_index_from_string
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock, outbox
from app.core.errors import Conflict, Forbidden, Invalid, Stale, Unsupported
from app.core.sql import AnyRow, delete_some, table
from app.files import service as files
from app.imports import queries
from app.imports.lifecycle import STATE_LABELS, ImportState
from app.imports.models import SheetImport, SheetImportFault
from app.imports.running import CHECK_OR_APPLY
from app.imports.schemas import ApplyIn, ImportIn, ImportOut, MendIn

#: Imports are kept so long: their files and faults hold phones of members.
KEPT = timedelta(days=30)
#: Also of one that is being written: after so long its job was given up, and nobody had it tried again.
GIVEN_UP = timedelta(days=37)
#: Mended cells and left-out rows of one import: more are mended in the workbook itself.
MOST_MENDED = 20_000
#: Characters of all mended cells: they are one value of the database.
MOST_WORDS = 200_000

_i, _f = table(SheetImport), table(SheetImportFault)


def begin(db: Session, actor: Actor, new: ImportIn) -> ImportOut:
    """Have an uploaded workbook checked; `Forbidden` for a kind that is not the actor's to import."""
    if new.kind not in queries.kinds_of(actor):
        raise Forbidden("这类表格由负责的科室导入，您没有导入的权限。", code="kind_not_yours")
    now = clock.now()
    row = {
        "organization_id": actor.organization_id,
        "kind": new.kind,
        "file_name": "",
        "options": {"create_groups": new.create_groups, "year": new.year, "marks": new.marks},
        "state": ImportState.CHECKING,
        "revision": 1,
        "mended": [],
        "left_out": [],
        "stage": "",
        "done": 0,
        "total": 0,
        "fault_count": 0,
        "report": {},
        "created_by": actor.account_id,
        "created_at": now,
    }
    import_id: int = db.execute(insert(_i).values(**row).returning(_i.c.id)).scalar_one()
    (file,) = files.attach(db, actor, [new.file], ("sheet_import", import_id))
    if not file["name"].lower().endswith((".xlsx", ".csv")):
        raise Unsupported(
            f"“{file['name']}”不是表格，请上传 Excel 工作簿（.xlsx）或 .csv 文件。", code="not_a_sheet"
        )
    db.execute(update(_i).where(_i.c.id == import_id).values(file_name=file["name"]))
    audit(db, actor, "import.created", ("sheet_import", import_id), kind=new.kind)
    _enqueue(db, actor, import_id, 1)
    return _out(db, actor, import_id)


def mend(db: Session, actor: Actor, import_id: int, changes: MendIn, revision: int) -> ImportOut:
    """Put right values in, leave rows out or bring them back, and have all checked again.

    `Stale` when it was changed since; `Conflict` once it is being applied, was applied or could not be read.
    """
    row = _own(db, actor, import_id)
    if row.state not in {ImportState.CHECKING, ImportState.CHECKED}:
        raise Conflict(
            f"这次导入{STATE_LABELS[row.state]}，不能再修改。", code="import_over", state=row.state
        )
    if row.revision != revision:
        raise Stale(current={"revision": row.revision})
    mended = {(sheet, at, column): value for sheet, at, column, value in row.mended}
    for cell in changes.cells:
        mended[cell.sheet, cell.row, column_index_from_string(cell.column) - 1] = cell.value
    back = {(one.sheet, one.row) for one in changes.bring_back}
    left_out = {tuple(one): None for one in row.left_out if (one[0], one[1]) not in back}
    left_out |= _rows_of(db, import_id, changes.leave_out)
    words = sum(len(value or "") for value in mended.values())
    if len(mended) + len(left_out) > MOST_MENDED or words > MOST_WORDS:
        raise Invalid("修改太多，请在原表格里改好后重新上传。", code="too_many_changes")
    _change(
        db,
        import_id,
        state=ImportState.CHECKING,
        revision=revision + 1,
        mended=[[*place, value] for place, value in mended.items()],
        left_out=[list(one) for one in left_out],
    )
    audit(
        db,
        actor,
        "import.mended",
        ("sheet_import", import_id),
        cells=len(changes.cells),
        left_out=len(changes.leave_out),
        brought_back=len(back),
    )
    _enqueue(db, actor, import_id, revision + 1)
    return _out(db, actor, import_id)


def apply(db: Session, actor: Actor, import_id: int, how: ApplyIn) -> ImportOut:
    """Have the worker write what was checked; again, it changes nothing.

    `Conflict` before the check has ended, and while there are faults, unless their rows are left out.
    """
    row = _own(db, actor, import_id)
    if row.state in {ImportState.APPLYING, ImportState.APPLIED}:
        return _out(db, actor, import_id)
    if row.state != ImportState.CHECKED:
        raise Conflict(f"这次导入{STATE_LABELS[row.state]}，不能写入。", code="not_checked", state=row.state)
    left_out = {tuple(one): None for one in row.left_out}
    if row.fault_count:
        left_out |= _faulty(db, row, how)
    _change(
        db,
        import_id,
        state=ImportState.APPLYING,
        revision=row.revision + 1,
        left_out=[list(one) for one in left_out],
    )
    audit(db, actor, "import.begun", ("sheet_import", import_id), kind=row.kind, left_out=len(left_out))
    _enqueue(db, actor, import_id, row.revision + 1)
    return _out(db, actor, import_id)


def _faulty(db: Session, row: AnyRow, how: ApplyIn) -> dict[tuple[Any, ...], None]:
    """The rows with faults, which are to be left out; `Conflict` where that is not wanted, or does not help."""
    if not how.leave_out_faulty:
        raise Conflict(
            f"还有 {row.fault_count} 处错误，请改好，或者选择不要有错误的行。", code="import_has_faults"
        )
    faults = queries.faults(db.connection(), row.id)
    if len(faults) < row.fault_count or any(fault.in_header for fault in faults):
        raise Conflict("表头有错误或错误太多，请在原表格里改好后重新上传。", code="table_at_fault")
    return {(fault.sheet, fault.row, fault.start, fault.end): None for fault in faults}


def _rows_of(db: Session, import_id: int, numbers: list[int]) -> dict[tuple[Any, ...], None]:
    """The rows of some faults; `Invalid` for those of the header, and for unknown ones."""
    faults = queries.faults(db.connection(), import_id, numbers) if numbers else []
    if len(faults) < len(set(numbers)) or any(fault.in_header for fault in faults):
        raise Invalid("表头的错误要改正，不能略去；或者错误清单已经更新，请刷新。", code="cannot_leave_out")
    return {(fault.sheet, fault.row, fault.start, fault.end): None for fault in faults}


def _own(db: Session, actor: Actor, import_id: int) -> AnyRow:
    """An import of the actor's, which nobody else changes until the commit; `NotFound` out of sight."""
    row = steps.lock(db, select(_i).where(queries.visible_to(actor), _i.c.id == import_id))
    if row.created_by != actor.account_id:
        raise Forbidden("这次导入由别的同事发起，请由本人修改和写入，或者重新上传。", code="not_yours")
    return row


def _change(db: Session, import_id: int, **values: Any) -> None:
    """Faults of the check before go: their numbers would mean other rows after the next one, of the same revision."""
    over = {"stage": "", "done": 0, "total": 0, "fault_count": 0}
    db.execute(update(_i).where(_i.c.id == import_id).values(**over, **values))
    db.execute(delete(_f).where(_f.c.import_id == import_id))


def _enqueue(db: Session, actor: Actor, import_id: int, revision: int) -> None:
    outbox.enqueue(
        db,
        CHECK_OR_APPLY,
        f"{import_id}:{revision}",
        import_id=import_id,
        revision=revision,
        organization_id=actor.organization_id,
    )


def _out(db: Session, actor: Actor, import_id: int) -> ImportOut:
    return ImportOut.model_validate(queries.one_import(db.connection(), actor, import_id))


def forget_old(db: Session) -> int:
    """Drop some old imports with their faults and files; how many."""
    settled = (_i.c.state != ImportState.APPLYING) | (_i.c.created_at < clock.now() - GIVEN_UP)
    old = (_i.c.created_at < clock.now() - KEPT) & settled
    ids = list(db.scalars(select(_i.c.id).where(old).order_by(_i.c.id).limit(20)))
    db.execute(delete(_f).where(_f.c.import_id.in_(ids)))
    for import_id in ids:
        files.detach(db, ("sheet_import", import_id))
    return delete_some(db.connection(), _i, _i.c.id.in_(ids)) if ids else 0
