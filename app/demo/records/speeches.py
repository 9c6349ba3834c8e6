"""Calls for speeches and what came of them, by the services: one is printed and delivered, one is open."""

from datetime import timedelta
from random import Random
from typing import NamedTuple

from sqlmodel import Session

from app.core import clock
from app.demo.city.rhythm import DAY, at_work, utc
from app.demo.city.world import World
from app.demo.language.text import Writer
from app.demo.records.contacts import acting, steady_seats
from app.speeches import service
from app.speeches.calls import service as calls
from app.speeches.calls.lifecycle import CallAction
from app.speeches.calls.schemas import SpeechCallIn, SpeechCallStepIn, SpeechOrderIn
from app.speeches.lifecycle import SpeechAction
from app.speeches.rules import SpeechForm
from app.speeches.schemas import SpeechIn, SpeechStepIn

_A, _C = SpeechAction, CallAction
_SPOKEN = (_A.ORAL, _A.DELIVER)
_ASKED = (
    "请围绕市委、市政府中心工作和群众关心的问题选题，一事一议，有情况、有分析、有建议。"
    "以单位名义发言的，由参加单位的负责人或者发言人提交。"
)
_REASONS = {
    _A.RETURN: "选题很好，请补充近三年的数据，建议部分再具体一些。",
    _A.DECLINE: "与另一篇发言内容相近，建议改以提案提出。",
}


class _Told(NamedTuple):
    """A call: when it was opened, what its speeches have come to, and how it ended."""

    name: str
    days_ago: int
    ways: tuple[tuple[SpeechAction, ...], ...]
    ends: tuple[CallAction, ...]


_CALLS = (
    _Told(
        *("市政协六届五次会议大会发言", 130),
        (_SPOKEN, _SPOKEN, _SPOKEN, _SPOKEN, (_A.WRITTEN,), (_A.WRITTEN,), (_A.DECLINE,)),
        (_C.CLOSE, _C.PUBLISH),
    ),
    _Told("专题议政性常委会会议大会发言", 40, ((_A.ORAL,), (_A.WRITTEN,)), (_C.CLOSE,)),
    _Told("市政协六届六次会议大会发言（测试）", 9, (), (_C.WITHDRAW,)),
    _Told("市政协六届六次会议大会发言", 8, ((_A.RETURN,), (), (), (_A.WITHDRAW,)), ()),
)


def fill(db: Session, world: World) -> None:
    """Open the calls, hand in speeches, the shown member's first, and do with them what was done."""
    rng, writer = world.chance("speeches")
    seats = steady_seats(db.connection(), world)
    for told in _CALLS:
        _call(db, world, rng, writer, told, [seats[0], *rng.sample(seats[1:], len(told.ways))])


def _call(db: Session, world: World, rng: Random, writer: Writer, told: _Told, seats: list[int]) -> None:
    conn, office = db.connection(), world.staff[0]
    at = at_work(world.now - told.days_ago * DAY)
    with clock.frozen_at(utc(at)):
        staff = acting(conn, office)
        new = SpeechCallIn(name=told.name, body=_ASKED, closes_on=staff.today + timedelta(days=20))
        call = calls.open_call(db, staff, new)
    oral = []
    for place, (seat_id, way) in enumerate(zip(seats, told.ways, strict=False)):
        speech_id = _speech(db, world, rng, writer, call.id, seat_id, at + place * 1_800, way)
        oral += [speech_id] if _A.ORAL in way else []
    with clock.frozen_at(utc(min(at + 25 * DAY, world.now))):
        staff = acting(conn, office)
        if oral:  # the last one was moved to the front
            seen = calls.read(db, staff, call.id)
            calls.put_in_order(
                db, staff, call.id, seen.version, SpeechOrderIn(speech_ids=oral[-1:] + oral[:-1])
            )
        for action in told.ends:
            seen = calls.read(db, staff, call.id)
            calls.step(db, staff, call.id, seen.version, SpeechCallStepIn(action=action))


def _speech(
    db: Session,
    world: World,
    rng: Random,
    writer: Writer,
    call_id: int,
    seat_id: int,
    at: int,
    way: tuple[SpeechAction, ...],
) -> int:
    conn, theme = db.connection(), world.theme(rng, world.seats[seat_id - 1])
    title = writer.say(theme, "outside_speech", title=writer.subject(theme))
    wishes = SpeechForm.WRITTEN if _A.WRITTEN in way else SpeechForm.ORAL
    _, body = writer.opinion_report(theme, world.words(at))
    with clock.frozen_at(utc(min(at, world.now))):
        new = SpeechIn(call_id=call_id, title=title, body=body, wishes=wishes)
        speech = service.submit(db, acting(conn, seat_id), new)
    for action in way:
        at = at_work(at + 3 * DAY)
        by = seat_id if action is _A.WITHDRAW else world.staff[0]
        with clock.frozen_at(utc(min(at, world.now))):
            said = SpeechStepIn(action=action, reason=_REASONS.get(action))
            speech = service.step(db, acting(conn, by), speech.id, speech.version, said)
    return speech.id
