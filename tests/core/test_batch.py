"""Work of many requests in one go."""

import asyncio
from collections.abc import Sequence
from threading import Event

import pytest

from app.core.database.batching import Batch

pytestmark = pytest.mark.anyio


async def test_what_waits_while_one_batch_runs_goes_into_the_next():
    batches: list[list[int]] = []
    begun, go_on = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def double(numbers: Sequence[int]) -> list[int]:
        batches.append(list(numbers))
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(5)
        return [2 * number for number in numbers]

    batch = Batch("test", double)
    first = batch(1)
    await begun.wait()
    others = [batch(number) for number in (2, 3, 4)]
    go_on.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert batches == [[1], [2, 3, 4]]


async def test_an_error_reaches_who_asked_and_nobody_else():
    def root(numbers: Sequence[int]) -> list[object]:
        return [ValueError(f"{n} is negative") if n < 0 else n**0.5 for n in numbers]

    batch = Batch("test", root)
    found = await asyncio.gather(batch(4), batch(-1), batch(9), return_exceptions=True)
    assert [found[0], found[2]] == [2, 3]
    assert isinstance(found[1], ValueError)


async def test_when_the_whole_batch_fails_everybody_is_told_and_the_next_one_works():
    away = True

    def ask(numbers: Sequence[int]) -> Sequence[int]:
        if away:
            raise OSError("away")
        return numbers

    batch = Batch("test", ask)
    assert {type(e) for e in await asyncio.gather(batch(1), batch(2), return_exceptions=True)} == {OSError}
    away = False
    assert await batch(3) == 3
