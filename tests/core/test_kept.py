"""Answers that many ask for at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from app.core import clock
from app.core.hot import response_cache

pytestmark = pytest.mark.anyio


async def test_an_answer_is_made_once_for_all_who_wait(database):
    made: list[int] = []
    go_on = Event()

    def make(_conn: object) -> int:
        made.append(len(made))
        assert go_on.wait(5)
        return len(made)

    asked = [asyncio.create_task(response_cache.cached(database, "page", 1, make)) for _ in range(20)]
    await asyncio.sleep(0.05)
    asked[0].cancel()  # who asked first has gone: the others are answered all the same
    go_on.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert (found[1:], made) == ([1] * 19, [0])
    assert [await response_cache.cached(database, "page", version, make) for version in (1, 2, 2)] == [
        1,
        2,
        2,
    ]


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(database):
    made: list[int] = []

    def make(_conn: object) -> str:
        made.append(len(made))
        if len(made) == 1:
            raise OSError("away")
        return "back"

    asked = [response_cache.cached(database, "page", 1, make) for _ in range(3)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in found] == [OSError] * 3
    assert await response_cache.cached(database, "page", 1, make) == "back"
    assert made == [0, 1]


async def test_an_answer_is_made_anew_after_a_while_and_the_longest_unasked_is_dropped(database, monkeypatch):
    now = datetime(2026, 5, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(response_cache, "_MOST", 2)
    made: list[str] = []

    async def ask(key: str) -> None:
        await response_cache.cached(database, key, 1, lambda _conn: made.append(key))

    for key in ("a", "b", "a", "c", "a", "b"):  # "a" is the oldest, but "b" was asked for longer ago
        await ask(key)
    assert made == ["a", "b", "c", "b"]
    now += response_cache.MAX_AGE + timedelta(seconds=1)
    await ask("b")
    assert made == ["a", "b", "c", "b", "b"]
