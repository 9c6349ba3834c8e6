"""`Idempotency-Key`: phones lose connections, so a retried POST is answered with the first answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import BaseModel
from sqlalchemy import Column, Index, LargeBinary, delete, select, update
from sqlmodel import Field, Session, SQLModel

from app.core import clock
from app.core.errors import Invalid
from app.core.paging import json_response
from app.core.sql import Utc, insert_new, table

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


class Once:
    """Runs a creating verb once for each key and account, in the caller's transaction."""

    def __init__(self, key: str | None) -> None:
        self.key = key

    def __call__(
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
            return json_response(act().model_dump_json().encode(), status=status)
        kept, conn = table(IdempotencyKey), db.connection()
        text = request if isinstance(request, str) else type(request).__name__ + request.model_dump_json()
        digest = hashlib.sha256(text.encode()).hexdigest()
        row = {"account_id": account_id, "key": self.key, "request_hash": digest, "status": 0, "body": b""}
        mine = (kept.c.account_id == account_id) & (kept.c.key == self.key)
        if not insert_new(conn, kept, row | {"at": clock.now()}, ["account_id", "key"]):
            first = conn.execute(select(kept.c.request_hash, kept.c.status, kept.c.body).where(mine)).one()
            if first.request_hash != digest:
                raise Invalid("同一个请求编号不能用于不同的内容。", code="idempotency_key_reused")
            return json_response(bytes(first.body), status=first.status)
        body = act().model_dump_json().encode()
        conn.execute(update(kept).where(mine).values(status=status, body=body))
        return json_response(body, status=status)


def forget_old(db: Session) -> None:
    """Drop the keys that are older than `KEPT`."""
    kept = table(IdempotencyKey)
    db.execute(delete(kept).where(kept.c.at < clock.now() - KEPT))


async def _once(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=8,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
            description="A UUID of the client's; a retry with the same key gets the first answer (24 h).",
        ),
    ] = None,
) -> Once:
    return Once(idempotency_key)


OnceKey = Annotated[Once, Depends(_once)]
