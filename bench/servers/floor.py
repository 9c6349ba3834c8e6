"""The floor: a bare FastAPI app whose `def` routes return constant bodies of the sizes named by `LVYI_FLOOR_SIZES`."""

import os
from collections.abc import Callable

from fastapi import FastAPI, Response


def create_app() -> FastAPI:
    """Routes `/{size}`, one constant route for each size in bytes; GET answers 200 (304 for 0), POST 201."""
    app = FastAPI()
    for size in os.environ["LVYI_FLOOR_SIZES"].split(","):
        app.get(f"/{size}")(_constant(int(size), 200 if int(size) else 304))
        app.post(f"/{size}")(_constant(int(size), 201))
    return app


def _constant(size: int, status: int) -> Callable[[], Response]:
    body = b"0" * size

    def constant() -> Response:
        return Response(body, status, media_type="application/json")

    return constant
