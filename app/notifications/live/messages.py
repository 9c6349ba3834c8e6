"""Live events as bytes: each is serialised once, and the same bytes are written to every stream that hears of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pydantic_core import to_json

#: More messages than this of one channel that wait for a stream become one `refresh`.
MANY = 25
RETRY_MILLISECONDS = 3000
NOTHING: frozenset[str] = frozenset()


@dataclass(eq=False)
class Message:
    """One event on its way to streams, or what the server itself says (`ready`, `reset`, `refresh`, `ping`)."""

    seq: int
    name: str
    channels: tuple[str, ...] = ()
    account_id: int | None = None
    subject: tuple[str, int] | None = None
    data: dict[str, Any] = field(default_factory=dict)
    retry: int | None = None

    @cached_property
    def keys(self) -> frozenset[str]:
        """What a stream may watch to hear of it: a channel, or one name of a channel."""
        return frozenset(key for c in self.channels for key in (c, f"{c}/{self.name}"))

    @cached_property
    def wire(self) -> bytes:
        """The event once, naming every channel that it belongs to."""
        return _sse(self, self._data(*self.channels))

    @cached_property
    def wire_by_channel(self) -> bytes:
        """The event once for each of its channels, for streams that do not say what they watch."""
        *others, last = self.channels or ("",)
        apart = [_sse(self, self._data(channel), numbered=False) for channel in others]
        return b"".join(apart) + (_sse(self, self._data(last)) if others else self.wire)

    def _data(self, channel: str = "", also: str | None = None) -> bytes:
        if not channel:
            return to_json(self.data)
        kind, subject_id = self.subject or (None, None)
        named = {"channel": channel} if also is None else {"channel": channel, "also": also}
        return to_json(named | {"subject_type": kind, "subject_id": subject_id} | self.data)


def _sse(message: Message, data: bytes, *, numbered: bool = True) -> bytes:
    lines = [b"event: " + message.name.encode(), b"data: " + data]
    if numbered:  # a client that got only the first half of a message resumes before it
        lines.append(b"id: %d" % message.seq)
    if message.retry is not None:
        lines.append(b"retry: %d" % message.retry)
    return b"\n".join(lines) + b"\n\n"


def message_of(row: dict[str, Any]) -> Message:
    """The message of a stored event."""
    return Message(
        row["seq"],
        row["name"],
        (row["channel"],) if row["also"] is None else (row["channel"], row["also"]),
        row["account_id"],
        None if row["subject_type"] is None else (row["subject_type"], row["subject_id"]),
        row["data"],
    )


@lru_cache(1000)
def _refresh(channel: str, seq: int) -> Message:
    return Message(seq, "refresh", (channel,))


def gathered(messages: Collection[Message], watch: frozenset[str]) -> list[Message]:
    """Messages in order, but one `refresh` at the end in place of more than `MANY` of one watched channel.

    A message goes only if everything it is watched for is refreshed, so nothing is lost; and a refresh has the
    last number, so that a client which did not get it resumes before all that it stands for.
    """
    if len(messages) <= MANY:
        return list(messages)
    counted = Counter(key for message in messages for key in message.keys & watch)
    busy = {key for key, count in counted.items() if count > MANY}
    kept = [m for m in messages if not m.keys & busy or m.keys & watch - busy]
    last = max(message.seq for message in messages)
    return kept + [_refresh(channel, last) for channel in sorted({key.partition("/")[0] for key in busy})]
