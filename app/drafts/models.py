"""Table of drafts."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Draft(SQLModel, table=True):
    """A text of an account that is not sent yet, under the name (`kind`, `key`) that its editor has on every phone.

    `text_id` tells one text from the next under the same name; `version` moves with every save and guards it
    (`If-Match`). `device` is what the client that saved it calls itself; `pictures` lie on that device alone.
    """

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    kind: str = Field(primary_key=True, max_length=20)
    key: str = Field(primary_key=True, max_length=40)
    text_id: str = Field(max_length=36)
    version: int = 1
    title: str = Field(max_length=120)
    path: str = Field(max_length=2_000)
    words: dict[str, Any] = Field(sa_type=Json)
    pictures: int = 0
    device: str = Field(default="", max_length=200)
    edited_at: datetime = Field(sa_type=Utc)
