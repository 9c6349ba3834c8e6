"""Venues of consultation in a small tree, and consultations there: by the services, as the office does."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.activities import service as activities
from app.activities.attendance import service as attendance
from app.activities.models import Activity
from app.activities.rules import ActivityKind, AttendanceState
from app.activities.schemas import ActivityIn, ActivityPatch, Marking
from app.consultations.venues import service
from app.consultations.venues.figures import set_targets
from app.consultations.venues.rules import VenueKind, VenueLevel
from app.consultations.venues.schemas import TargetsIn, VenueIn, VenueOut, VenueStayIn
from app.core import clock
from app.core.sql import table
from app.demo.city.rhythm import DAY, start_of, utc
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.demo.records.contacts import acting, steady_seats

_PARTIES = corpus("parties")
_a = table(Activity)
_KINDS = (VenueKind.ROOM, VenueKind.COLLECTION, VenueKind.STUDIO)
_NAMES = {
    VenueKind.ROOM: "协商议事室",
    VenueKind.COLLECTION: "社情民意收集室",
    VenueKind.STUDIO: "委员工作室",
}
#: Venues were set up so many days ago, and so many days ago the consultations there began.
_SINCE, _HELD = 150, (90, 60, 45, 20)


def fill(db: Session, world: World) -> None:
    """Set up the tree, post some members, and hold some consultations there; one venue is closed."""
    conn, (rng, writer) = db.connection(), world.chance("venues")
    seats = steady_seats(conn, world)
    staff = acting(conn, world.staff[0])

    def add(name: str, level: VenueLevel, kind: VenueKind, above: VenueOut | None, **more: Any) -> VenueOut:
        posted = [VenueStayIn(seat_id=seat_id) for seat_id in rng.sample(seats[1:], 2)]
        if "convener_id" in more:
            posted.append(VenueStayIn(seat_id=seats[0]))
        columns = {"parent_id": above.id if above else None, "is_public": rng.random() < 0.7} | more
        new = VenueIn(name=name, level=level, kind=kind, members=posted, **columns)
        return service.create(db, staff, new, "")

    with clock.frozen_at(utc(world.now - _SINCE * DAY)):
        home = add("云川市委员之家", VenueLevel.CITY, VenueKind.OTHER, None, place="市政协一楼")
        villages = iter(_PARTIES["villages"])
        rooms = list[VenueOut]()
        for n, place in enumerate(_PARTIES["places"][:4]):
            above = add(
                f"{place}政协工作联络站", VenueLevel.TOWNSHIP, VenueKind.STATION, home, place=f"{place}办事处"
            )
            for kind, name in zip(_KINDS[n % 2 : n % 2 + 2], villages, strict=False):
                convenes = {"convener_id": seats[0]} if not rooms else {}
                rooms.append(
                    add(
                        f"{name}{_NAMES[kind]}",
                        VenueLevel.VILLAGE,
                        kind,
                        above,
                        place=f"{name}党群服务中心",
                        opening_hours=f"每周{'一二三四五'[n]}下午",
                        **convenes,
                    )
                )
        add(
            "白石农贸市场议事点",
            VenueLevel.VILLAGE,
            VenueKind.MARKET,
            home,
            closed_on=clock.local_day(clock.now()),
        )
    year = clock.local_day(clock.now()).year
    set_targets(db, staff, year, TargetsIn(targets={VenueLevel.VILLAGE: 2, VenueLevel.TOWNSHIP: 1}))
    for n, days in enumerate(_HELD):
        guests = [seats[0], *rng.sample(seats[1:], 5)]
        theme = world.theme(rng, world.seats[guests[1] - 1])
        begins = start_of(world.today - days, 15)
        with clock.frozen_at(utc(begins - 10 * DAY)):
            new = ActivityIn(
                kind=ActivityKind.CONSULTATION,
                title=f"“{writer.subject(theme)}”协商议事会",
                venue_id=rooms[n // 2].id,
                place=rooms[n // 2].place,
                starts_at=utc(begins),
                ends_at=utc(begins + 7_200),
                seat_ids=guests,
            )
            made = activities.create(db, acting(conn, world.staff[0]), new)
        with clock.frozen_at(utc(begins + DAY)):
            came = Marking(seat_ids=guests, state=AttendanceState.ATTENDED)
            attendance.mark(db, acting(conn, world.staff[0]), made.id, came)
    coming = select(_a.c.id, _a.c.version).where(
        _a.c.kind == ActivityKind.CONSULTATION, _a.c.ends_at > clock.now()
    )
    for row in conn.execute(coming).all():
        activities.edit(db, staff, row.id, row.version, ActivityPatch(venue_id=rooms[0].id))
