"""Calls of members and problems of companies, as far as they have come: by the services, each step on its day."""

from random import Random

from sqlmodel import Session

from app.cases import service
from app.cases.lifecycle import CaseAction
from app.cases.rules import CaseKind, ProblemClass
from app.cases.schemas import CaseIn, CaseStepIn
from app.core import clock
from app.demo.city.plan import SHOWN_UNIT, UNITS
from app.demo.city.rhythm import DAY, at_work, utc
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.demo.language.text import Theme, Writer, themes
from app.demo.records.contacts import acting, steady_seats

_PARTIES = corpus("parties")
_A = CaseAction
#: The steps that cases have taken, and how many days ago they were reported: one of them is late.
_WAYS: tuple[tuple[int, tuple[CaseAction, ...]], ...] = (
    (40, (_A.ACCEPT, _A.ASSIGN, _A.ANSWER, _A.SATISFIED, _A.CLOSE)),
    (2, ()),
    (9, (_A.ACCEPT, _A.ASSIGN)),
    (60, (_A.ACCEPT, _A.ASSIGN)),
    (20, (_A.ACCEPT, _A.ASSIGN, _A.ANSWER)),
    (30, (_A.ACCEPT, _A.ANSWER, _A.MOSTLY)),
    (25, (_A.ACCEPT, _A.ASSIGN, _A.ANSWER, _A.DISSATISFIED)),
    (5, (_A.ACCEPT,)),
    (15, (_A.DECLINE,)),
)
_OF_REPORTER = {_A.SATISFIED, _A.MOSTLY, _A.DISSATISFIED}
_DECLINED = "不属于政协协调的范围，已告知反映的渠道。"


def fill(db: Session, world: World) -> None:
    """Report some cases of several members, those of the member who is shown among them, and handle them."""
    conn, (rng, writer) = db.connection(), world.chance("cases")
    seats = steady_seats(conn, world)
    for place, (days, way) in enumerate(_WAYS * 3):
        seat_id = seats[0] if place % 4 == 0 else rng.choice(seats)
        _case(db, world, rng, writer, seat_id, world.now - days * DAY - place * 3_600, way)


def _case(
    db: Session, world: World, rng: Random, writer: Writer, seat_id: int, at: int, way: tuple[CaseAction, ...]
) -> None:
    conn, theme = db.connection(), world.theme(rng, world.seats[seat_id - 1])
    if way and way[-1] is _A.ASSIGN:  # a visitor finds some that the shown unit has to answer
        theme = rng.choice([one for one in themes() if one.unit == SHOWN_UNIT])
    unit_id, at = UNITS.index(theme.unit) + 1, at_work(at)
    office = world.staff[0]
    answers = world.officers[unit_id] if _A.ASSIGN in way else office
    by = {_A.ANSWER: answers, **dict.fromkeys(_OF_REPORTER, seat_id)}
    with clock.frozen_at(utc(min(at, world.now))):
        case = service.report(db, acting(conn, seat_id), _reported(rng, writer, theme, world.words(at)))
    for action in way:
        at = at_work(at + DAY)
        with clock.frozen_at(utc(min(at, world.now))):
            said = _step(writer, theme, action, unit_id)
            case = service.step(db, acting(conn, by.get(action, office)), case.id, case.version, said)


def _reported(rng: Random, writer: Writer, theme: Theme, words: frozenset[str]) -> CaseIn:
    kind = rng.choice(list(CaseKind))
    if kind is CaseKind.COMPANY:
        of = rng.choice([one for one in ProblemClass if one.value in _PARTIES["problems"]])
        title, body = _PARTIES["problems"][of.value]
        company = rng.choice(_PARTIES["companies"])
        return CaseIn(
            kind=kind, title=title, body=body, company=company, problem_class=of, contact=_PARTIES["contact"]
        )
    rule = "call" if kind is CaseKind.CALL else "found"
    where = writer.say(theme, "home")
    title, body = (writer.say(theme, f"{rule}_{part}", words, where=where) for part in ("title", "said"))
    return CaseIn(kind=kind, title=title, body=body)


def _step(writer: Writer, theme: Theme, action: CaseAction, unit_id: int) -> CaseStepIn:
    match action:
        case _A.ASSIGN:
            return CaseStepIn(action=action, unit_id=unit_id)
        case _A.ANSWER:
            return CaseStepIn(action=action, answer=writer.say(theme, "case_answered"))
        case _A.DISSATISFIED:
            return CaseStepIn(action=action, reason=writer.say(theme, "case_unhappy"))
        case _A.DECLINE:
            return CaseStepIn(action=action, reason=_DECLINED)
    return CaseStepIn(action=action)
