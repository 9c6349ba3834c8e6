"""The built web clients: static files, and one page that stands for every address of a client."""

import os
from http import HTTPMethod, HTTPStatus
from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import Unavailable

#: Where `scripts/clients.py` builds them.
FOLDER = Path(__file__).parent / "_web"
#: Addresses of the server itself: what is unknown there is a problem document, no page.
OWN = ("/api", "/c", "/v", "/healthz", "/readyz", "/metrics")
#: Where the desk of the staff is; everything else is the members' client.
CONSOLE = "/console"
#: Encodings that the build stores beside a file, best first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}


class Clients:
    """Both clients, asked when no route matched; `otherwise` answers what belongs to neither."""

    def __init__(self, folder: Path, otherwise: ASGIApp) -> None:
        self.mobile = Client(directory=folder / "mobile")
        self.console = Client(directory=folder / "console")
        self.otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page or file of the client whose address it is."""
        path = scope["path"]
        is_own = any(path == own or path.startswith(own + "/") for own in OWN)
        if is_own or scope.get("method") not in {HTTPMethod.GET, HTTPMethod.HEAD}:
            await self.otherwise(scope, receive, send)
        elif path == CONSOLE:
            await RedirectResponse(f"{CONSOLE}/")(scope, receive, send)
        elif path.startswith(f"{CONSOLE}/"):
            below = {**scope, "root_path": scope.get("root_path", "") + CONSOLE}
            await self.console(below, receive, send)
        else:
            await self.mobile(scope, receive, send)


class Client(StaticFiles):
    """One client in its folder.

    Files under `assets/` carry a hash in their names and are kept for ever; all others are asked for again.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or for an address without a dot the page of the client."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != HTTPStatus.NOT_FOUND or "." in PurePosixPath(scope["path"]).name:
                raise
            return await super().get_response("index.html", scope)

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file as the client takes it; 304 when it has it."""
        asked = Headers(scope=scope)
        accepted = {part.split(";")[0].strip() for part in asked.get("accept-encoding", "").split(",")}
        file = Path(full_path)
        plain = FileResponse(file, status_code, stat_result=stat_result)
        response = plain
        for encoding, suffix in ENCODINGS.items():
            stored = file.with_name(file.name + suffix)
            if encoding in accepted and stored.exists():
                response = FileResponse(
                    stored, status_code, media_type=plain.media_type, stat_result=stored.stat()
                )
                response.headers["Content-Encoding"] = encoding
                break
        response.headers["Vary"] = "Accept-Encoding"
        assets = Path(str(self.directory), "assets").resolve()
        kept = "public, max-age=31536000, immutable" if file.is_relative_to(assets) else "no-cache"
        response.headers["Cache-Control"] = kept
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, asked)
            else response
        )


def is_built(folder: Path = FOLDER) -> bool:
    """Whether the clients are there to be served."""
    return all((folder / name / "index.html").exists() for name in ("mobile", "console"))


def install(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serve the members' client at `/` and the desk at `/console/`; where they are not built, `/` says so."""
    if is_built(folder):
        app.router.default = Clients(folder, otherwise=app.router.not_found)
    else:
        app.add_api_route("/", _not_built, include_in_schema=False)


async def _not_built() -> None:
    raise Unavailable(
        "手机端和工作台还没有构建，请管理员在服务器上运行 python3 scripts/clients.py 后重新启动。",
        code="no_client",
    )
