"""The interactive API page, from files that ship with a package: it works without the internet."""

import base64
import hashlib
import re
from importlib import resources

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

_ASSETS = "/api/docs/assets"


def install(app: FastAPI) -> None:
    """Serve Swagger UI at `/api/docs`; its one inline script is allowed by its hash."""
    page = bytes(
        get_swagger_ui_html(
            openapi_url="/api/openapi.json",
            title=app.title,
            swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{_ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{_ASSETS}/favicon-32x32.png",
        ).body
    ).decode()
    scripts = [
        hashlib.sha256(s.encode()).digest() for s in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    ]
    hashes = " ".join(f"'sha256-{base64.b64encode(h).decode()}'" for h in scripts)
    policy = f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    folder = str(resources.files("fastapi_swagger").joinpath("resources"))
    app.mount(_ASSETS, StaticFiles(directory=folder), name="docs")
