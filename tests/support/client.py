"""A client that asks the application in this process, at the cost of one change of threads for each request.

Starlette's own makes about ten, which takes longer than most requests.
"""

import atexit
from functools import cache
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient


@cache
def _loop() -> BlockingPortal:
    """One event loop for every client: a new one for each request takes longer than most requests."""
    running = start_blocking_portal()
    atexit.register(running.__exit__, None, None, None)
    return running.__enter__()


class _InProcess(httpx2.BaseTransport):
    """Carries a request to the application and gives its whole answer; what it raises is the 500 that it sent."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self._app = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return _loop().call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._app.handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        body = b"".join([part async for part in answer.stream])
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(body))


class Client(TestClient):
    """Speaks to `app` from `address`."""

    def __init__(self, app: FastAPI, address: str = "127.0.0.1", **given: Any) -> None:
        super().__init__(app, **given)
        self._transport = _InProcess(app, address)
