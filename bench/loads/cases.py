"""What is measured, and the least share of the floor that each is to reach."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core import clock
from bench.loads.cities import Members

POLLED, PLAIN, REPLY = 0.6, 0.3, 0.15
#: What a process answers is several times the 200 visitors a second that a city's public pages may have.
PUBLIC = 0.15
BODY = {"body": "赞成这个意见，建议先在老旧小区试点，摸清居民的实际需要，再逐步推开，相关部门要有专人跟进。"}


@dataclass(frozen=True)
class Case:
    """One thing to measure: requests of members, the status they get, the least share of the floor, also polled."""

    name: str
    target: float
    status: int
    paths: Callable[[Members], list[str]]
    polled: float = POLLED


def _cards(who: Members) -> list[str]:
    return [f"/api/v1/cards/{seat_id}/{clock.now().year}" for seat_id in who.seats]


CASES = (
    Case("feed page of 20", PLAIN, 200, lambda _: ["/api/v1/updates"]),
    Case(
        "thread page of 30",
        PLAIN,
        200,
        lambda who: [f"/api/v1/threads/{i}/replies" for i in who.long_threads],
    ),
    Case("leaderboard", PLAIN, 200, lambda _: ["/api/v1/leaderboard?window=month"]),
    Case("card", PLAIN, 200, _cards),
    Case("public page of a venue", PUBLIC, 200, lambda who: [f"/v/{code}" for code in who.venues], PUBLIC),
)
ANSWER = Case("reply", REPLY, 201, lambda who: [f"/api/v1/threads/{i}/replies" for i in who.threads])
