"""Streams that would hear too much are told to refresh."""

import random

from app.auth.actor import Actor
from app.core import live
from app.notifications.live.messages import MANY, Message, gathered
from app.notifications.live.stream import QUEUE, OpenStream
from tests.factories.processes.streams import names
from tests.support.servers import listening


def test_many_events_of_a_channel_become_one_that_says_refresh(city, url):
    member = city.member()
    with listening(url, member, watch=["feed", "thread:1"]) as stream, listening(url, member) as every:
        with city.database.transaction() as db:
            live.emit(db, city.organization_id, "feed", "update.posted")
            for _ in range(MANY + 1):
                live.emit(db, city.organization_id, "topics", "reply.posted", also="thread:1")
            live.emit(db, city.organization_id, "feed", "update.edited")
        heard = [stream.next() for _ in range(3)]
        assert [event["event"] for event in heard] == ["update.posted", "update.edited", "refresh"]
        assert (heard[2]["data"]["channel"], heard[2]["id"]) == ("thread:1", str(MANY + 3))
        assert stream.quiet()
        assert len(names(every, 2 * (MANY + 1) + 2)) == 2 * (MANY + 1) + 2
    with listening(url, member, last=heard[1]["id"], watch=["feed", "thread:1"]) as stream:
        assert stream.quiet()  # had the refresh been lost, the number of the second would be the last
    with listening(url, member, last=heard[0]["id"], watch=["thread:1"]) as stream:
        assert names(stream, 1) == ["refresh"]


def test_what_is_gathered_is_refreshed():
    rng = random.Random("gathered")
    channels = ["feed", "topics", "thread:1", "thread:2"]
    refreshed = 0
    for _ in range(500):
        messages = [
            Message(
                seq,
                rng.choice(["reply.posted", "update.posted"]),
                tuple(rng.sample(channels, rng.choice((1, 2)))),
            )
            for seq in range(1, rng.randrange(2, 5 * MANY))
        ]
        keys = [*channels, "feed/update.posted", "thread:1/reply.posted"]
        watch = frozenset(rng.sample(keys, rng.randrange(1, 5)))
        messages = [m for m in messages if m.keys & watch]
        kept = gathered(messages, watch)
        refresh = {m.channels[0]: m.seq for m in kept if m.name == "refresh"}
        refreshed += len(refresh)
        assert [m.seq for m in kept] == sorted(m.seq for m in kept)
        for gone in set(messages) - set(kept):
            watched = {key.partition("/")[0] for key in gone.keys & watch}
            assert watched <= refresh.keys()
            assert all(refresh[channel] >= gone.seq for channel in watched)
    assert refreshed > 100


def test_a_stream_that_is_behind_is_told_to_refresh_and_one_that_cannot_be_is_closed():
    actor = Actor(1, 1, 1, "甲", frozenset(), frozenset())
    watching, without = OpenStream(actor, frozenset({"feed"})), OpenStream(actor, None)
    for stream in (watching, without):
        stream.begin([])
        for seq in range(1, QUEUE + 2):
            stream.push([Message(seq, "update.posted", ("feed",))])
    assert (watching.is_open, without.is_open) == (True, False)
    assert [(m.name, m.seq) for m in watching._pending] == [("refresh", QUEUE + 1)]
