"""How long something took."""

import time

import httpx


def timed(client: httpx.Client, who, method: str, path: str, **more) -> tuple[float, httpx.Response]:
    headers = {"Authorization": who.http.headers["Authorization"], **more.pop("headers", {})}
    started = time.monotonic()
    answer = client.request(method, path, headers=headers, **more)
    return time.monotonic() - started, answer
