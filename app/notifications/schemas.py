"""What notifications say and take."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.text import Input


class NotificationOut(BaseModel):
    """One thing the reader should know."""

    id: int
    kind: str = Field(description="`noun.verb`.", examples=["reply.received"])
    title: str = Field(examples=["周岚回复了您的动态"])
    subject_type: str
    subject_id: int
    path: str | None = Field(
        description="API path that opens the subject; null when it may no longer be seen."
    )
    at: datetime
    read_at: datetime | None


class Unread(BaseModel):
    """How many are not read."""

    count: int


class ReadUpTo(Input):
    """Everything up to this id has been read."""

    up_to: int = Field(description="Id of the newest notification that was read.", ge=1, le=2**63 - 1)


class PushKey(BaseModel):
    """What a browser subscribes with."""

    key: str | None = Field(description="`applicationServerKey`; null when this server pushes nothing.")


class SubscriptionKeys(Input):
    """The keys of a browser's subscription, as it names them."""

    p256dh: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{87}=?$")] = Field(
        description="Public key, base64url.",
        examples=["BCbvzr0O6eNKZpGH4Ys6kSKy9zOUW2Scyfn5Ien52tgSkCOL3pzHuzMNFQxncE3SWucFUgV0S28xv0BwdFhy0OY"],
    )
    auth: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{22}(==)?$")] = Field(
        description="Shared secret, base64url.", examples=["8eDyX_uCN0XRhSbY5hs7Hg"]
    )


class SubscriptionIn(Input):
    """Where a browser wants notifications pushed to; from `PushSubscription.toJSON()`."""

    endpoint: Annotated[str, StringConstraints(max_length=700, pattern="^https://[!-~]+$")] = Field(
        description="Address at the browser's push service.", examples=["https://push.example.org/v2/a1b2"]
    )
    keys: SubscriptionKeys = Field(description="With which the text is encrypted.")
