"""`Idempotency-Key`: phones lose connections, so a retried POST is answered with the first answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import Column, Index, LargeBinary, bindparam, select, update
from sqlmodel import Field, Session, SQLModel

from app.core import clock
from app.core.db import commit
from app.core.errors import Invalid
from app.core.hot.prepared import Prepared
from app.core.paging import json_response
from app.core.sql import Utc, delete_some, insert_new, table

KEPT = timedelta(hours=24)


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a POST, by account and key."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_at", "at"),)

    account_id: int = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=64)
    request_hash: str = Field(max_length=64)
    status: int = 0
    body: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=Utc)


class Idempotent:
    """Runs a creating verb once for each key and account, and commits it."""

    def __init__(self, key: str | None, path: str) -> None:
        self.key, self.path = key, path

    def __call__(
        self,
        db: Session,
        account_id: int,
        request: BaseModel | str,
        act: Callable[[], BaseModel],
        *,
        status: int = 201,
    ) -> Response:
        """As `answer`, and commit: here, where the connection is at hand, without another hop to a thread."""
        response = self.answer(db, account_id, request, act, status=status)
        commit(db)
        return response

    def answer(
        self,
        db: Session,
        account_id: int,
        request: BaseModel | str,
        act: Callable[[], BaseModel],
        *,
        status: int = 201,
    ) -> Response:
        """Answer with what `act` returns, or with the first answer when `request` is a retry.

        A second request with the same key and another body is `Invalid`. When `act` raises, the
        transaction rolls back and the key with it, so that the retry runs again.
        """
        if self.key is None:
            body = act().model_dump_json().encode()
        else:
            conn, digest = db.connection(), self._digest(request)
            mine = {"account_id": account_id, "key": self.key}
            row = mine | {"request_hash": digest, "status": 0, "body": b"", "at": clock.now()}
            if not insert_new(conn, _k, row, ["account_id", "key"]):
                return _first_answer(_FIRST.first(conn, **mine), digest)
            body = act().model_dump_json().encode()
            _KEEP.tuples(conn, **mine, answered=status, answer=body)
        return json_response(body, status=status)

    def begin(self, db: Session, account_id: int, request: BaseModel | str) -> Response | None:
        """Claim the key for a request of several transactions; its answer when it was finished before.

        None: it may go on, be it new or cut off. `Invalid` when the key was used for another request.
        """
        if self.key is None:
            return None
        conn, digest = db.connection(), self._digest(request)
        mine = {"account_id": account_id, "key": self.key}
        row = mine | {"request_hash": digest, "status": 0, "body": b"", "at": clock.now()}
        if insert_new(conn, _k, row, ["account_id", "key"]):
            return None
        kept = _FIRST.first(conn, **mine)
        response = _first_answer(kept, digest)
        return response if response.status_code else None

    def finish(self, db: Session, account_id: int, out: BaseModel, *, status: int = 200) -> Response:
        """Keep the answer to a request that was begun."""
        body = out.model_dump_json().encode()
        if self.key is not None:
            _KEEP.tuples(db.connection(), account_id=account_id, key=self.key, answered=status, answer=body)
        return json_response(body, status=status)

    def _digest(self, request: BaseModel | str) -> str:
        text = request if isinstance(request, str) else type(request).__name__ + request.model_dump_json()
        return hashlib.sha256(f"{self.path} {text}".encode()).hexdigest()


_k = table(IdempotencyKey)
_mine = (_k.c.account_id == bindparam("account_id")) & (_k.c.key == bindparam("key"))
_FIRST = Prepared(select(_k.c.request_hash, _k.c.status, _k.c.body).where(_mine))
_KEEP = Prepared(update(_k).where(_mine).values(status=bindparam("answered"), body=bindparam("answer")))


def _first_answer(first: tuple[str, int, bytes] | None, digest: str) -> Response:
    assert first is not None  # noqa: S101 - the key was there
    if first[0] != digest:
        raise Invalid("同一个请求编号不能用于不同的内容。", code="idempotency_key_reused")
    return json_response(bytes(first[2]), status=first[1])


def forget_old(db: Session) -> int:
    """Drop some of the keys that are older than `KEPT`; how many."""
    return delete_some(db.connection(), _k, _k.c.at < clock.now() - KEPT)


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=8,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
            description="A UUID of the client's; a retry with the same key gets the first answer (24 h).",
        ),
    ] = None,
) -> Idempotent:
    return Idempotent(idempotency_key, request.scope["path"])


OnceKey = Annotated[Idempotent, Depends(_once)]
