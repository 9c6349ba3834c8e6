"""Proposals of five years: when each is begun, submitted and decided, and the windows for them."""

from datetime import date
from random import Random
from typing import Any

from app.demo.city.plan import ORGANIZATION_ID, TERM_ID, session_name
from app.demo.city.rhythm import (
    DAY,
    PLENARY_DAY,
    PLENARY_DAYS,
    at_work,
    days_since_1970,
    local_date,
    start_of,
    time_of_day,
    utc,
    weekday,
)
from app.demo.city.world import World
from app.demo.proposals.dossiers import Case, DossierDesk
from app.demo.proposals.office import Script
from app.proposals.lifecycle import ProposalState
from app.proposals.models import ProposalWindow
from app.proposals.rules import ProposalKind

#: What becomes of a proposal: filed; filed after a revision; declined; returned and left; never submitted.
_FATES, _FATE_WEIGHTS = ("filed", "revised", "declined", "returned", "draft"), (81, 5, 8, 2.5, 3.5)


def fill(world: World) -> None:
    """Write the windows of all years and all proposals."""
    rng, _ = world.chance("proposals")
    cases = _cases(world, rng)
    _windows(world, cases)
    desk = DossierDesk(world, rng)
    for case in cases:
        desk.write(case)
        world.rows.step()


def _cases(world: World, rng: Random) -> list[Case]:
    """When each proposal is begun, submitted and decided, oldest first; numbers follow the filing."""
    cases, first_year = [], world.rhythm.first_year
    for _ in range(world.sizes.proposals):
        window = rng.randrange(5)
        new_year = (
            start_of(days_since_1970(local_date(world.now).replace(first_year + window, 1, 1))) // DAY + 1
        )
        if rng.random() < 0.62:  # before and at the plenary
            day = new_year + int(rng.triangular(1, PLENARY_DAY + PLENARY_DAYS, PLENARY_DAY - 1))
        else:
            day = world.rhythm.day(rng, new_year + 15, new_year + 350)
        seat = world.city.actor(rng, day)
        if not world.seats[seat].holds(day):
            continue
        submitted = start_of(day) + time_of_day(rng)
        began = max(day - int(rng.expovariate(1 / 18)) - 1, world.seats[seat].first_day)
        created = min(start_of(began) + time_of_day(rng), submitted - 7_200)
        (fate,) = rng.choices(_FATES, _FATE_WEIGHTS)
        decided = start_of(weekday(day + rng.randint(4, 26)), 9) + int(rng.random() * 8 * 3_600)
        cases.append(Case(seat, fate, window + 1, created, submitted, decided))
    cases = sorted((c for c in [*cases, *_shown(world)] if c.created < world.now), key=lambda c: c.created)
    filed = [c for c in cases if c.fate in {"filed", "revised"} and c.decided < world.now]
    for window in range(1, 6):
        for number, case in enumerate(
            sorted((c for c in filed if c.window == window), key=lambda c: c.decided), 1
        ):
            case.number = number
    return cases


def _shown(world: World) -> list[Case]:
    """What a visitor looks for: the host's own proposals in every state, what waits for the host's answer or a unit's."""
    host = world.host

    def moment(days: float) -> int:
        return start_of(world.today + int(days)) + round(abs(days) % 1 * DAY)

    def case(fate: str, begun: float, submitted: float, decided: float, **more: Any) -> Case:
        """A case by local days from today; -1.6 is yesterday at 14:24."""
        seat = more.pop("seat", host)
        window = local_date(moment(submitted)).year - world.rhythm.first_year + 1
        return Case(seat, fate, window, moment(begun), moment(submitted), at_work(moment(decided)), **more)

    others = [
        n for n, who in enumerate(world.seats) if who.holds(world.today) and n not in {host, world.newcomer}
    ]
    third, first, second = sorted(others, key=lambda n: world.seats[n].energy)[-3:]
    headed = world.bodies.headed_by(host)
    worked = next(days for days in (-1, -2, -3) if weekday(world.today + days) == world.today + days)
    at_work_on, to_sign = Script(ProposalState.HANDLING, key=True), Script(ProposalState.ASSIGNED)
    answered = Script(ProposalState.REPLIED, replied=moment(worked - 0.4))
    promised, forgotten = (Script(promised=local_date(moment(days))) for days in (45, -40))
    return [
        case("draft", -4.8, 1.8, 9, kind=ProposalKind.INDIVIDUAL),
        case("returned", -12.8, -6.4, worked - 0.4, kind=ProposalKind.INDIVIDUAL),
        case("filed", -5.8, -1.85, 9, kind=ProposalKind.INDIVIDUAL),
        case("filed", -14.8, -8.4, 1, kind=ProposalKind.JOINT),
        case("filed", -34.8, -24.4, -12.5, kind=ProposalKind.JOINT, script=Script(ProposalState.FILED)),
        case("declined", -70.8, -61.5, -50.5, kind=ProposalKind.INDIVIDUAL),
        case("draft", -2.8, 4.5, 20, seat=first, kind=ProposalKind.JOINT, asked=host),
        case("draft", -1.6, 6.5, 20, seat=second, kind=ProposalKind.JOINT, asked=host),
        *(
            case("confirming", -3.6, -1.4, 9, seat=body.speakers[1], kind=ProposalKind.COLLECTIVE, body=body)
            for body in headed[:1]
        ),
        case("draft", -5.2, 3.5, 20, seat=third, kind=ProposalKind.JOINT, changed=host),
        case("filed", -75.8, -66.4, -58.5, kind=ProposalKind.INDIVIDUAL, of_unit=True, script=at_work_on),
        case("filed", -110.8, -101.4, -92.5, kind=ProposalKind.JOINT, script=answered),
        case("filed", -330.8, -322.4, -312.5, kind=ProposalKind.INDIVIDUAL, script=promised),
        case("filed", -350.8, -340.4, -330.5, seat=second, kind=ProposalKind.INDIVIDUAL, script=forgotten),
        case(
            "filed",
            -125.8,
            -118.4,
            -110.5,
            seat=first,
            kind=ProposalKind.INDIVIDUAL,
            of_unit=True,
            script=at_work_on,
        ),
        case(
            "filed",
            -26.8,
            -19.4,
            -13.5,
            seat=second,
            kind=ProposalKind.INDIVIDUAL,
            of_unit=True,
            script=to_sign,
        ),
    ]


def _windows(world: World, cases: list[Case]) -> None:
    add = world.rows.into(ProposalWindow, "id organization_id term_id name opens_at closes_at last_number")
    window_id, year = world.rows.ids(ProposalWindow), world.rhythm.first_year
    for session in range(1, 6):
        new_year = days_since_1970(local_date(world.now).replace(year + session - 1, 1, 1))
        if start_of(new_year) > world.now:
            break
        last = max((case.number or 0 for case in cases if case.window == session), default=0)
        closes = start_of(days_since_1970(date(year + session, 1, 1))) - 60
        opens, name = utc(start_of(new_year)), session_name(session)
        add((window_id(), ORGANIZATION_ID, TERM_ID, name, opens, utc(closes), last))
