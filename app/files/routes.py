"""Files: taken in by content, given out by the right on what they hang on."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Path, Request, Response, UploadFile
from fastapi.responses import FileResponse

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import NotFound, problems
from app.core.paging import IfNoneMatch, fresh, json_response
from app.core.web.downloads import disposition
from app.core.web.idempotency import OnceKey
from app.files import queries, rules, service
from app.files.schemas import FileOut, VerificationOut

router = APIRouter(prefix="/api/v1/files", tags=["文件"], responses=problems(401, 403))

Reader = Annotated[Actor, Depends(allow(Permission.FILE_READ))]
SystemAdmin = Annotated[Actor, Depends(allow(Permission.SETTINGS_MANAGE))]
Uploader = Annotated[Actor, Depends(allow(Permission.FILE_UPLOAD))]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,32}$", description="`key` of the file.")]

Uploaded = Annotated[UploadFile, File(description="The bytes, with the name that people gave them.")]

_SHOWN_BY_BROWSERS = {"image/jpeg", "image/png"}
#: Whatever is in a file, it runs nothing in our name.
_HARMLESS = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


def _bytes(*media_types: str) -> dict[int | str, dict[str, Any]]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {"content": dict.fromkeys(media_types, binary), "description": "The bytes."},
        304: {"description": "The copy named by `If-None-Match` is current."},
    }


@router.post(
    "",
    operation_id="files_upload",
    status_code=201,
    response_model=FileOut,
    responses=problems(413, 415, 422, 503),
)
def upload(request: Request, file: Uploaded, actor: Uploader, db: Db, once: OnceKey) -> Response:
    """Upload a picture, PDF, Word, Excel, PowerPoint or UTF-8 text file; unattached ones are dropped after a day."""
    config = request.app.state.settings
    prepared = service.prepare(file.filename or "", file.file, config)
    return once(db, actor.account_id, prepared.fingerprint, lambda: service.add(db, actor, prepared, config))


@router.get("/verification", operation_id="files_verification", response_model=VerificationOut)
def verification(actor: SystemAdmin, reads: Reads) -> Response:
    """What the worker's last round of comparing stored files with their digests found, in my organization."""
    with reads.connect() as conn:
        return json_response(queries.verification(conn, actor))


@router.get(
    "/{key}",
    operation_id="files_read",
    response_class=FileResponse,
    responses=_bytes(*rules.MEDIA_TYPES) | problems(404, 410, 422, 503),
)
def read_file(
    key: Key, request: Request, actor: Reader, reads: Reads, if_none_match: IfNoneMatch = None
) -> Response:
    """The bytes of a file that hangs on something which I may see, or that I have just uploaded."""
    with reads.connect() as conn:
        row = queries.readable(conn, actor, key)
    etag = f'"{row["sha256"]}"'
    headers = _headers(etag, row["name"], inline=row["media_type"] in _SHOWN_BY_BROWSERS)
    if fresh(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    path = service.intact(service.folder(request.app.state.settings), row["sha256"])
    return FileResponse(path, media_type=row["media_type"], headers=headers)


@router.get(
    "/{key}/thumbnail",
    operation_id="files_read_thumbnail",
    response_class=FileResponse,
    responses=_bytes("image/jpeg") | problems(404, 410, 422),
)
def read_thumbnail(
    key: Key, request: Request, actor: Reader, reads: Reads, if_none_match: IfNoneMatch = None
) -> Response:
    """A picture within 480 × 480 pixels, as JPEG."""
    with reads.connect() as conn:
        row = queries.readable(conn, actor, key)
    headers = _headers(etag := f'"{row["sha256"]}-480"', f"{row['name']}.jpg", inline=True)
    if row["width"] is None:
        raise NotFound
    path = service.thumbnail(service.folder(request.app.state.settings), row["sha256"])
    if fresh(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="image/jpeg", headers=headers)


def _headers(etag: str, name: str, *, inline: bool) -> dict[str, str]:
    return {
        "ETag": etag,
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": disposition(name, inline=inline),
        "Content-Security-Policy": _HARMLESS,
    }
