"""Meetings and activities with attendance, and acts outside the platform: speeches, honours, service."""

from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import NamedTuple

from app.activities.models import Activity, ActivityBody, Attendance
from app.activities.rules import RECORDED, AttendanceState, invitation
from app.demo.city.plan import COMMITTEE_FIELDS, COMMITTEES, ORGANIZATION_ID
from app.demo.city.rhythm import (
    DAY,
    PLENARY_DAY,
    PLENARY_DAYS,
    days_since_1970,
    local_date,
    start_of,
    utc,
    weekday,
)
from app.demo.city.world import Occasion, World
from app.demo.language.text import Theme, themes
from app.duty.models import OutsideAct
from app.findings.lifecycle import FindingSource
from app.notifications.kinds import NoticeKind
from app.people.service import numeral

_KINDS = ("committee_meeting", "inspection", "research", "training", "consultation")
_KIND_WEIGHTS = (40, 16, 22, 7, 15)
_PLACES = ("市政协会议中心", "市政协三楼会议室", "市会展中心", "委员之家")
_OUTSIDE, _OUTSIDE_WEIGHTS = ("speech", "honour", "consultation", "service"), (25, 30, 25, 20)
_RECORDS = {
    "speech": "speech.delivered",
    "honour": "honor.received",
    "consultation": "consultation.held",
    "service": "service.rendered",
}
#: How many days before it begins an activity is called.
_NOTICE = 14


def fill(world: World) -> None:
    """Write all activities, oldest first, then the acts outside the platform."""
    _Meetings(world).fill()
    _outside_acts(world)


class _Call(NamedTuple):
    """An activity before it is held; `starts` when it is no usual hour, `committee` is its host, `theme` its subject."""

    day: int
    kind: str
    title: str
    half_days: int
    guests: Sequence[int]
    starts: int | None = None
    committee: int | None = None
    theme: Theme | None = None


class _Meetings:
    """Writes meetings and who came."""

    def __init__(self, world: World) -> None:
        rows = world.rows
        self._world, (self._rng, self._writer) = world, world.chance("activities")
        self._id = rows.ids(Activity)
        self._welcome = True  # until the newcomer has been to one
        self._activity = rows.into(
            Activity,
            "id organization_id kind title place starts_at ends_at half_days must_attend committee_id created_by created_at",
        )
        self._attendance = rows.into(
            Attendance, "activity_id seat_id state half_days reason decided_at decided_by"
        )
        self._invited_body = rows.into(ActivityBody, "activity_id body_id")

    def fill(self) -> None:
        """The plenaries, the meetings of the standing committee, and all others by date."""
        world, rhythm = self._world, self._world.rhythm
        everyone, calls = range(len(world.seats)), list[_Call]()
        for session in range(1, 6):
            new_year = days_since_1970(local_date(world.now).replace(rhythm.first_year + session - 1, 1, 1))
            title = f"政协云川市第十六届委员会第{numeral(session)}次会议"
            calls.append(_Call(new_year + PLENARY_DAY - 1, "plenary", title, PLENARY_DAYS * 2, everyone))
            for quarter in range(4):
                number = numeral((session - 1) * 4 + quarter + 1)
                title = f"市政协十六届常委会第{number}次会议"
                day = new_year + 40 + quarter * 85 + self._rng.randint(0, 20)
                half_days = self._rng.choice((1, 1, 2))
                calls.append(_Call(weekday(day), "standing_committee", title, half_days, world.city.standing))
        for _ in range(world.sizes.activities):
            (kind,) = self._rng.choices(_KINDS, _KIND_WEIGHTS)
            calls.append(self._call(kind, weekday(world.rhythm.day(self._rng))))
        calls += self._around_now()
        for call in sorted(calls, key=lambda call: call[:3]):
            if start_of(call.day - _NOTICE) < world.now:
                self._hold(call)

    def _around_now(self) -> list["_Call"]:
        """One for which the host can sign in now, by day at least, and some in the next days."""
        world = self._world
        soon = (world.now // 1_800 + 1) * 1_800  # the next half hour
        by_day = start_of(world.today, 7) <= soon <= start_of(world.today, 20)
        today = self._call("consultation", world.today + (not by_day), host=True)
        calls = [today._replace(starts=soon if by_day else None, half_days=1)]
        for kind, days in (("research", 2), ("committee_meeting", 4), ("inspection", 7)):
            calls.append(self._call(kind, weekday(world.today + days), host=True))
        return calls

    def _call(self, kind: str, day: int, *, host: bool = False) -> "_Call":
        rng, world = self._rng, self._world
        own = world.seats[world.host].committees if host else ()
        committee = rng.choice(own or range(len(COMMITTEES)))
        theme = world.theme(rng, among=COMMITTEE_FIELDS[COMMITTEES[committee]])
        name = self._writer.say(theme, f"activity_{kind}")
        title = f"“{self._writer.subject(theme)}”{name}"
        also = [world.host] if host else []
        if kind == "training":
            guests = self._some(range(len(world.seats)), 90)
            return _Call(day, kind, name, rng.choice((2, 4)), guests, theme=theme)
        if kind == "committee_meeting":
            guests = sorted({*self._some(world.city.committees[committee], 80), *also})
            return _Call(day, kind, f"{COMMITTEES[committee]}{title}", 1, guests, None, committee + 1, theme)
        few = {*(world.city.actor(rng, day, None) for _ in range(rng.randint(8, 28))), *also}
        return _Call(day, kind, title, rng.choice((1, 1, 2)), sorted(few), theme=theme)

    def _some(self, seats: Sequence[int], most: int) -> list[int]:
        return sorted(self._rng.sample(seats, min(most, len(seats))))

    def _hold(self, call: "_Call") -> None:
        day, kind, title, half_days, guests, at, committee, theme = call
        rng, world, n = self._rng, self._world, self._id()
        starts = at or start_of(day, rng.choice((9, 9, 9.5, 14, 14.5)) if half_days == 1 else 9)
        ends = starts + (3 * 3_600 if half_days == 1 else half_days * DAY // 2 - 16 * 3_600)
        must, staff = kind in {"plenary", "standing_committee"}, rng.choice(world.staff)
        called = min(day - rng.randint(4, _NOTICE - 1), world.today - 1)
        created = start_of(called, 10) + rng.randrange(3_600)
        for _ in range(6):  # what earlier releases drew for a code: the city stays as it was
            rng.randrange(31)
        outside = kind in {"inspection", "research"}
        place = self._writer.say(world.theme(rng), "scene") if outside else rng.choice(_PLACES)
        self._activity(
            (
                n, ORGANIZATION_ID, kind, title, place, utc(starts), utc(ends), half_days, must, committee,
                staff, utc(created),
            )
        )  # fmt: skip
        if committee and (body := world.bodies.of_committee.get(committee - 1)):
            self._invited_body((n, body.id))
        if ends > world.now:
            world.coming[n] = theme or themes()[0]
        invited = [seat for seat in guests if world.seats[seat].holds(day) and seat != world.newcomer]
        if self._welcome and ends < world.now and day > world.seats[world.newcomer].first_day + 2:
            invited, self._welcome = [*invited, world.newcomer], False
        world.bell.ring(invited, NoticeKind.ACTIVITY_INVITED, invitation(title), ("activity", n), created)
        present = []
        for seat in invited:
            if ends >= world.now:
                self._attendance((n, seat + 1, "invited", 0, None, None, None))
            elif self._settle(n, seat, starts, half_days, must=must, staff=staff):
                present.append(seat)
        if theme and present and kind != "training":
            source = FindingSource.INSPECTION if outside else FindingSource.MEETING
            world.occasions.append(Occasion(source, ("activity", n), theme, ends, present, []))
        world.rows.step()

    def _settle(self, n: int, seat: int, starts: int, half_days: int, *, must: bool, staff: int) -> bool:
        """Whether somebody came, was excused, or did neither; recorded for the start of the activity."""
        rng, own = self._rng, seat + 1
        presence, draw, came, reason = self._world.seats[seat].presence, rng.random(), 0, None
        if draw < presence + (1 - presence) * (0.55 if must else 0.1):
            state, at, by = AttendanceState.ATTENDED, starts + rng.randint(-1_500, 600), own
            came = half_days
            if half_days > 1 and rng.random() < 0.15:  # left early: the staff put it right
                came, at, by = rng.randint(1, half_days - 1), starts + half_days * DAY // 2, staff
        elif draw < 1 - (1 - presence) * 0.22:
            state, at, by = AttendanceState.EXCUSED, starts - rng.randint(3_600, 3 * DAY), own
            reason = self._writer.say(self._world.theme(rng), "absence")
        else:
            state, at, by = AttendanceState.ABSENT, starts + half_days * DAY // 2, staff
        at = min(at, self._world.now)
        self._attendance((n, own, state.value, came, reason, utc(at), by))
        self._world.record(seat, RECORDED[state], n, starts, quantity=came or 1, by=by, recorded=at)
        return came > 0


def _outside_acts(world: World) -> None:
    """Acts that the secretariat wrote down by hand; several members may share one."""
    (rng, writer), rows = world.chance("outside"), world.rows
    act_id, acts, taken = rows.ids(OutsideAct), dict[str, int](), set[tuple[int, int]]()
    add = rows.into(OutsideAct, "id organization_id kind form title held_on place source_ref")
    for day in sorted(_day(world, rng) for _ in range(world.sizes.outside_acts)):
        at, seat = start_of(day, 12), world.city.actor(rng, day)
        if at > world.now:
            break
        who = world.seats[seat]
        if not who.holds(day):
            continue
        (what,) = rng.choices(_OUTSIDE, _OUTSIDE_WEIGHTS)
        theme, kind, level = world.theme(rng, who), _RECORDS[what], "city"
        title = writer.say(theme, f"outside_{what}", title=writer.subject(theme))
        if what == "honour":
            (level,) = rng.choices(("city", "province", "national"), (80, 17, 3))
        place = "市会展中心" if what == "speech" else "" if what == "honour" else writer.say(theme, "scene")
        named = f"{ORGANIZATION_ID}|{kind}|{local_date(at)}|{title}|{place}"
        if named not in acts:
            acts[named] = n = act_id()
            source = f"manual:{sha256(named.encode()).hexdigest()}"
            add((n, ORGANIZATION_ID, kind, form_of(kind, title), title, local_date(at), place, source))
        n = acts[named]
        if (seat, n) not in taken:
            taken.add((seat, n))
            world.record(seat, kind, n, at, level=level, source="manual", by=world.staff[0])


_SERVICES = {
    "义诊": "volunteering",
    "志愿": "volunteering",
    "法律咨询": "volunteering",
    "捐赠": "donation",
    "走访": "visit",
    "讲": "lecture",
}


def form_of(kind: str, title: str) -> str | None:
    """What an act outside the platform was, by the words of its title."""
    if kind == "speech.delivered":
        return "oral"
    forms = (form for word, form in _SERVICES.items() if word in title)
    return next(forms, "other_service") if kind == "service.rendered" else None


def _day(world: World, rng: Random) -> int:
    """Speeches and honours gather around the plenary."""
    if rng.random() < 0.4:
        new_year = days_since_1970(
            local_date(world.now).replace(world.rhythm.first_year + rng.randrange(5), 1, 1)
        )
        return new_year + PLENARY_DAY - 1 + rng.randrange(PLENARY_DAYS)
    return world.rhythm.day(rng)
