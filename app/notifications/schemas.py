"""What notifications say and take."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input


class NotificationPlace(BaseModel):
    """Where something was said."""

    label: str = Field(examples=["动态"])
    title: str = Field(description="What it is called, or how it begins.")
    path: str
    pictures: int


class NoticeOrganization(BaseModel):
    """Another organization of the reader's than the present one."""

    id: int
    name: str = Field(examples=["政协云溪县委员会"])


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
    who: list[str] = Field(description="Names of those of whom it tells, newest first, three at most.")
    people: int = Field(description="How many of them there are.")
    count: int = Field(
        description="Notifications that this entry tells of: the unread ones, if there are any."
    )
    unread: int = Field(description="How many of the entry's notifications are not read.")
    said: str | None = Field(description="How the newest text begins that it tells of, as it is now.")
    place: NotificationPlace | None = Field(description="Where it was said.")
    organization: NoticeOrganization | None = Field(
        description="To open it, switch there first (`PUT /api/v1/auth/organization`); null: it is of the present one."
    )


class UnreadElsewhere(NoticeOrganization):
    """Another organization of the reader's, with what is not read of it."""

    count: int


class Unread(BaseModel):
    """How many are not read."""

    count: int = Field(
        description="Entries of the list with something unread, of all organizations; at most 300."
    )
    elsewhere: list[UnreadElsewhere] = Field(description="How many of them are of each other organization.")


class Setting(Input):
    """Which way one kind of notifications comes; without the list there is no push."""

    kind: Annotated[str, StringConstraints(max_length=40)] = Field(
        description="`noun.verb`, one of those that `GET` lists.", examples=["reply.received"]
    )
    in_app: bool = Field(description="Whether it comes into the list.")
    push: bool = Field(description="Whether it is also pushed to phones.")


class SettingOut(BaseModel):
    """A kind of notifications that may be switched off."""

    kind: str
    kind_label: str = Field(examples=["有人回复我"])
    in_app: bool
    push: bool


class SettingsIn(Input):
    """Kinds to be switched on or off; those that are not named stay as they are."""

    items: Annotated[list[Setting], Field(max_length=100)] = Field(description="The kinds to be changed.")


class SettingsOut(BaseModel):
    """All kinds that the reader may switch off."""

    items: list[SettingOut]


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
