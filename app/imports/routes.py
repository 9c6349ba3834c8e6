"""Imports of workbooks: upload, check, mend in place, apply.

Whoever may upload files may ask; which kinds they may import is decided by the right of each kind's domain.
"""

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import NotFound, problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.downloads import download, gives
from app.core.web.idempotency import OnceKey
from app.imports import queries, service
from app.imports.kinds import KINDS, ImportKind
from app.imports.schemas import ApplyIn, FaultOut, ImportIn, ImportOut, ImportRow, KindsOut, MendIn

Importer = Annotated[Actor, Depends(allow(Permission.FILE_UPLOAD))]
OfKind = Annotated[ImportKind, Path(description="What the workbook holds.")]

router = APIRouter(prefix="/api/v1/imports", tags=["导入"], responses=problems(401, 403, 422))


@router.get("", operation_id="imports_list", response_model=Page[ImportRow])
def list_imports(actor: Importer, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Imports of my organization of the kinds that I may import, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_imports(conn, actor, cursor, limit))


@router.post(
    "",
    operation_id="imports_begin",
    status_code=201,
    response_model=ImportOut,
    responses=problems(415),
)
def begin_import(body: ImportIn, actor: Importer, db: Db, once: OnceKey) -> Response:
    """Have an uploaded workbook checked by the worker; nothing is written yet."""
    return once(db, actor.account_id, body, lambda: service.begin(db, actor, body))


@router.get("/kinds", operation_id="imports_list_kinds", response_model=KindsOut)
def list_kinds(actor: Importer) -> Response:
    """The kinds of workbooks that I may import."""
    return json_response({"items": queries.kinds(actor)})


@router.get(
    "/templates/{kind}",
    operation_id="imports_get_template",
    response_class=Response,
    responses=problems(404) | gives("xlsx"),
)
def get_template(kind: OfKind, actor: Importer) -> Response:
    """An empty workbook of a kind that I may import, with a sheet of instructions."""
    if kind not in queries.kinds_of(actor):
        raise NotFound
    with tempfile.TemporaryDirectory() as folder:
        file = FilePath(folder) / "template.xlsx"
        KINDS[kind].template(file)
        return download(f"{KINDS[kind].label}.xlsx", file.read_bytes())


@router.get("/{import_id}", operation_id="imports_get", response_model=ImportOut, responses=problems(404))
def get_import(import_id: Id64, actor: Importer, reads: Reads) -> Response:
    """An import: how far it is, what was understood, what it comes to."""
    with reads.connect() as conn:
        return json_response(queries.one_import(conn, actor, import_id))


@router.get(
    "/{import_id}/faults",
    operation_id="imports_list_faults",
    response_model=Page[FaultOut],
    responses=problems(404),
)
def list_faults(
    import_id: Id64, actor: Importer, reads: Reads, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """What the last check found wrong, cell by cell, in the order of the workbook."""
    with reads.connect() as conn:
        return json_response(queries.page_of_faults(conn, actor, import_id, cursor, limit))


@router.put("/{import_id}/rows", operation_id="imports_mend", responses=problems(404, 409, 412))
def mend_import(import_id: Id64, body: MendIn, actor: Importer, db: Db, revision: IfMatch) -> ImportOut:
    """Mend cells, leave rows out or bring them back; all is checked again."""
    return service.mend(db, actor, import_id, body, revision)


@router.post("/{import_id}/apply", operation_id="imports_apply", responses=problems(404, 409))
def apply_import(import_id: Id64, body: ApplyIn, actor: Importer, db: Db) -> ImportOut:
    """Have the worker write what was checked; a second time changes nothing."""
    return service.apply(db, actor, import_id, body)
