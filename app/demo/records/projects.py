"""Projects of two campaigns and what members did in them: as the office and the members do it, by the services."""

from random import Random

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.archive import service as claims
from app.archive.lifecycle import ClaimAction
from app.archive.schemas import ClaimIn, ClaimStepIn
from app.core import clock
from app.core.sql import table
from app.demo.city.rhythm import DAY, at_work, local_date, utc
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.demo.records.contacts import acting, steady_seats
from app.duty.measures.rules import Measure
from app.duty.schemas import ActIn
from app.people.bodies.models import Body
from app.people.bodies.rules import BodyKind
from app.projects import service as projects
from app.projects.lifecycle import ProjectAction
from app.projects.rules import DEED
from app.projects.schemas import ProjectIn, ProjectOut, ProjectStepIn

_PARTIES = corpus("parties")
#: Projects began so many days ago.
_SINCE = 150


def fill(db: Session, world: World) -> None:
    """Begin the projects on one day, let members log deeds, confirm all but the last ones, close one project."""
    conn, (rng, _) = db.connection(), world.chance("projects")
    seats, bodies = steady_seats(conn, world), _bodies(conn)
    for place, told in enumerate(_PARTIES["projects"]):
        members = [seats[0] if place < 2 else rng.choice(seats), *rng.sample(seats[1:], 3)]
        body_id = bodies[place % len(bodies)] if bodies and place % 3 != 2 else None
        with clock.frozen_at(utc(at_work(world.now - _SINCE * DAY))):
            staff = acting(conn, world.staff[0])
            new = ProjectIn(
                **{name: told[name] for name in ("title", "campaign", "place", "plan", "targets")},
                starts_on=staff.today,
                ends_on=local_date(world.now + 90 * DAY) if place % 2 else None,
                body_id=body_id,
                leader_seat_id=members[0],
                member_ids=members[1:],
            )
            project = projects.begin(db, staff, new)
        _deeds(db, world, rng, project, told["deeds"], members)
    with clock.frozen_at(utc(world.now - DAY)):
        summed_up = ProjectStepIn(action=ProjectAction.CLOSE, text=_PARTIES["project_summary"])
        projects.step(db, acting(conn, world.staff[0]), project.id, project.version, summed_up)


def _bodies(conn: Connection) -> list[int]:
    """Service teams and groups of districts."""
    b = table(Body)
    kinds = (BodyKind.SERVICE_TEAM, BodyKind.DISTRICT_GROUP)
    return list(conn.scalars(select(b.c.id).where(b.c.kind.in_(kinds)).order_by(b.c.id)))


def _deeds(
    db: Session,
    world: World,
    rng: Random,
    project: ProjectOut,
    told: list[tuple[str, str, dict[Measure, int]]],
    members: list[int],
) -> None:
    """Each deed a few times, by one member or two together; the leader's last one waits."""
    conn = db.connection()
    for title, form, measures in told:
        days_at_work = {at_work(world.now - days * DAY) for days in rng.sample(range(3, _SINCE - 5), 4)}
        for at in sorted(days_at_work):
            for seat_id in sorted({rng.choice(members), rng.choice(members)}):
                act = ActIn(
                    kind=DEED,
                    form=form,
                    title=title,
                    held_on=local_date(at),
                    place=project.place,
                    measures=measures,
                )
                _claim(db, world, seat_id, at, ClaimIn(act=act, project_id=project.id))
    waiting = ActIn(kind=DEED, form=told[0][1], title=told[0][0], held_on=local_date(world.now - DAY))
    with clock.frozen_at(utc(world.now - DAY // 4)):
        claims.hand_in(db, acting(conn, members[0]), ClaimIn(act=waiting, project_id=project.id))


def _claim(db: Session, world: World, seat_id: int, at: int, new: ClaimIn) -> None:
    conn = db.connection()
    with clock.frozen_at(utc(at)):
        claim = claims.hand_in(db, acting(conn, seat_id), new)
    with clock.frozen_at(utc(at_work(at + DAY))):
        confirm = ClaimStepIn(action=ClaimAction.CONFIRM)
        claims.step(db, acting(conn, world.staff[0]), claim.id, claim.version, confirm)
