"""The people of the story and the server they talk to: real HTTP, cookies as on a phone, a calendar we turn."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from app.core import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
_keys = count(1)


class Calendar:
    """The clock of the whole process, stopped at local times that the story names."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def turn_to(self, moment: str) -> None:
        """It is now `YYYY-MM-DD HH:MM[:SS]` in Shanghai."""
        self._stack.close()
        self._stack.enter_context(clock.frozen_at(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)))

    def close(self) -> None:
        self._stack.close()


@dataclass
class Person:
    """Somebody with a phone (or a desktop): logs in when needed, refreshes when the token has run out."""

    name: str
    phone: str
    password: str
    address: str
    http: httpx.Client = field(init=False)
    seat_id: int = 0

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, headers={"Origin": self.address}, timeout=20)

    def log_in(self) -> dict[str, Any]:
        answer = self.http.post("/api/v1/auth/login", json={"phone": self.phone, "password": self.password})
        assert answer.status_code == 200, answer.text
        me: dict[str, Any] = answer.json()["me"]
        self.seat_id = (me["seat"] or {"id": 0})["id"]
        return me

    def change_password(self, new: str) -> None:
        self.ask(
            "PUT", "/auth/password", {"current_password": self.password, "new_password": new}, expect=204
        )
        self.password = new

    def ask(self, method: str, path: str, json: Any = None, *, expect: int = 200, **kw: Any) -> Any:
        """What the API answers; a token that has run out is refreshed first, as every client does."""
        answer = self._send(method, path, json, **kw)
        if answer.status_code == 401:
            if self._send("POST", "/auth/refresh").status_code != 200:
                self.log_in()
            answer = self._send(method, path, json, **kw)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        kind = answer.headers.get("content-type", "")
        return answer.json() if answer.content and "json" in kind else answer.content

    def _send(self, method: str, path: str, json: Any = None, **kw: Any) -> httpx.Response:
        return self.http.request(method, f"/api/v1{path}", json=json, **kw)

    def get(self, path: str, **kw: Any) -> Any:
        return self.ask("GET", path, **kw)

    def post(self, path: str, json: Any = None, *, expect: int = 201, **kw: Any) -> Any:
        kw.setdefault("headers", {"Idempotency-Key": f"story-{next(_keys):08d}"})
        return self.ask("POST", path, json, expect=expect, **kw)

    def put(self, path: str, json: Any = None, *, expect: int = 200, **kw: Any) -> Any:
        return self.ask("PUT", path, json, expect=expect, **kw)

    def upload(self, name: str, content: bytes) -> str:
        """Upload a file; its key."""
        files = {"file": (name, content)}
        key: str = self.ask("POST", "/files", expect=201, files=files)["key"]
        return key

    def says(self, thread_id: int, body: str, **more: Any) -> int:
        """Reply in a thread; the reply's id."""
        reply_id: int = self.post(f"/threads/{thread_id}/replies", {"body": body, **more})["id"]
        return reply_id

    def supports(self, reply_id: int) -> None:
        self.put(f"/replies/{reply_id}/support")
