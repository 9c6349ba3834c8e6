"""Answers that browsers keep as files, under names in any script (RFC 5987)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}


def disposition(name: str, *, inline: bool) -> str:
    """`Content-Disposition` for a file: shown in the browser or kept; old clients get the ASCII of its name."""
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download(name: str, content: bytes | Iterator[bytes], *, inline: bool = False) -> Response:
    """A file whose type its name ends in, whole or piece by piece; nobody on the way keeps a copy."""
    headers = {"Content-Disposition": disposition(name, inline=inline), "Cache-Control": "no-store"}
    media_type = _TYPES[name.rpartition(".")[2]]
    if isinstance(content, bytes):
        return Response(content, headers=headers, media_type=media_type)
    return StreamingResponse(content, headers=headers, media_type=media_type)


def gives(ending: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers with a file of this kind."""
    return {200: {"content": {_TYPES[ending]: {}}, "description": "The file."}}
