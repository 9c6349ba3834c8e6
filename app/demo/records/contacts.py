"""Whom members look after, and the visits that they made: as the office and the members do it, by the services."""

from random import Random

from sqlalchemy import Connection
from sqlmodel import Session

from app.auth.actor import Actor, holders
from app.contacts import service as contacts
from app.contacts.rules import PartyKind
from app.contacts.schemas import ContactIn
from app.contacts.visits import service as visits
from app.contacts.visits.schemas import VisitIn
from app.core import clock
from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import DAY, local_date, time_of_day, utc
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.people.queries import seats_in

_PARTIES = corpus("parties")
#: Contacts were set so many days ago.
_SINCE = 180
#: The share of members who look after somebody, and of contacts that were visited.
_SHARE, _VISITED = 0.08, 0.6


def acting(conn: Connection, account_id: int) -> Actor:
    """An account as the actor that it is at the moment of the clock."""
    return holders(conn, ORGANIZATION_ID, [account_id])[account_id]


def steady_seats(conn: Connection, world: World) -> list[int]:
    """Ids of the seats held all the time since contacts were set; the one that is shown comes first."""
    days = [local_date(world.now - days * DAY) for days in (_SINCE + 1, 0)]
    first, last = (set(conn.scalars(seats_in(ORGANIZATION_ID, day))) for day in days)
    return sorted(first & last, key=lambda seat_id: (seat_id != world.host + 1, seat_id))


def fill(db: Session, world: World) -> None:
    """Set the contacts of some members on one day, and log what they did since."""
    conn, (rng, writer) = db.connection(), world.chance("contacts")
    seats = steady_seats(conn, world)
    chosen = [seats[0], *rng.sample(seats[1:], max(int(len(seats) * _SHARE), 3))]
    with clock.frozen_at(utc(world.now - _SINCE * DAY)):
        staff = acting(conn, world.staff[0])
        wanted = [one for seat_id in chosen for one in _parties(rng, seat_id, seats)]
        made = [contacts.set_contact(db, staff, one) for one in wanted]
    for one in made:
        if one.seat_id != seats[0] and rng.random() > _VISITED:
            continue
        on = world.now - int(rng.uniform(1, _SINCE - 2)) * DAY
        with clock.frozen_at(utc(on - on % DAY - DAY // 3 + time_of_day(rng))):
            theme, words = world.theme(rng, world.seats[one.seat_id - 1]), world.words(on)
            body = writer.new(theme, "visit_said", words, where=writer.say(theme, "home"))
            visits.log(db, acting(conn, one.seat_id), VisitIn(contact_id=one.id, body=body))


def _parties(rng: Random, seat_id: int, seats: list[int]) -> list[ContactIn]:
    """Two or three parties of one member, of different kinds; the first is a member, a company or a village in turn."""
    member = rng.choice([one for one in seats if one != seat_id])
    place = rng.choice(_PARTIES["places"])
    found = [
        ContactIn(seat_id=seat_id, kind=PartyKind.MEMBER, party_seat_id=member),
        ContactIn(
            seat_id=seat_id, kind=PartyKind.COMPANY, name=rng.choice(_PARTIES["companies"]), place=place
        ),
        ContactIn(
            seat_id=seat_id, kind=PartyKind.VILLAGE, name=rng.choice(_PARTIES["villages"]), place=place
        ),
        ContactIn(
            seat_id=seat_id, kind=PartyKind.RESIDENT, name=rng.choice(_PARTIES["residents"]), place=place
        ),
    ]
    return found if seat_id == seats[0] else rng.sample(found, rng.choice((2, 3)))
