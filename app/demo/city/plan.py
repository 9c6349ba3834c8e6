"""How large the demo city is, and who acts how much in it."""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from random import Random

from app.demo.city.rhythm import Rhythm
from app.demo.language.grammar import corpus
from app.demo.language.names import RARE, person_name
from app.people.models import Post
from app.people.service import numeral

ORGANIZATION_ID = TERM_ID = 1
ORDINAL = 16
_CITY = corpus("city")
ORGANIZATION: str = _CITY["organization"]
SECTORS: list[str] = _CITY["sectors"]
#: Each committee with the fields that it deals with; none for all.
COMMITTEE_FIELDS: dict[str, list[str]] = _CITY["committees"]
COMMITTEES = list(COMMITTEE_FIELDS)
#: The customary category of proposals of each field.
CATEGORIES: dict[str, str] = {field: name for name, of in _CITY["categories"].items() for field in of}
UNITS: list[str] = _CITY["units"]
#: The unit at whose work a visitor looks.
SHOWN_UNIT = "市教育局"
PROFESSIONS: dict[str, dict[str, list[str]]] = _CITY["professions"]
_OF_SECTOR = {
    sector: [known for known, about in PROFESSIONS.items() if sector in about["sectors"]] or list(PROFESSIONS)
    for sector in SECTORS
}


def session_name(session: int) -> str:
    """What a session of the term is called."""
    return f"{numeral(ORDINAL)}届{numeral(session)}次会议"


@dataclass(frozen=True)
class Sizes:
    """How many of each thing five years bring; what has not happened yet is left out when the city is filled."""

    members: int
    updates: int
    replies: int
    topics: int
    proposals: int
    opinions: int
    reading_topics: int
    reading_logs: int
    reading_notes: int
    activities: int
    outside_acts: int
    older_proposals: int

    @classmethod
    def at(cls, scale: float) -> "Sizes":
        """The sizes at a scale; 1 is the city of 642 members."""

        def n(at_one: int, least: int = 1) -> int:
            return max(least, round(at_one * scale))

        return cls(
            members=n(642, 20),
            updates=n(1_730),
            replies=n(20_400),
            topics=n(45, 3),
            proposals=n(1_520),
            opinions=n(305),
            reading_topics=n(20, 2),
            reading_logs=n(6_000),
            reading_notes=n(700),
            activities=n(225, 10),
            outside_acts=n(260),
            older_proposals=n(240),
        )


@dataclass(slots=True)
class SeatPlan:
    """A member: who, where, from which day to which (days since 1970), and how inclined to act."""

    name: str
    gender: str
    born: int
    profession: str
    employer: str
    sector: int
    committees: tuple[int, ...]
    post: Post
    first_day: int
    last_day: int
    energy: float
    presence: float
    fields: tuple[str, ...]

    def holds(self, day: int) -> bool:
        """Whether the seat is held on a day."""
        return self.first_day <= day <= self.last_day


class City:
    """The members of a city on a day `today`, from which those who act are drawn; seats are named by their index.

    `host` is the most active of them, at whom a visitor looks first; `newcomer` has just joined and done little.
    """

    def __init__(self, seed: int, scale: float, rhythm: Rhythm, fields: tuple[str, ...], today: int) -> None:
        rng = Random(f"{seed}:people")
        self.sizes = Sizes.at(scale)
        posts = _posts(self.sizes.members)
        self.seats = [_seat(rng, post, rhythm, fields) for post in posts]
        self.host, self.newcomer = self._cast(rhythm, today)
        self.everyone = Pool(self.seats, range(len(self.seats)))
        by_sector: list[list[int]] = [[] for _ in SECTORS]
        self.committees: list[list[int]] = [[] for _ in COMMITTEES]
        for n, seat in enumerate(self.seats):
            by_sector[seat.sector].append(n)
            for committee in seat.committees:
                self.committees[committee].append(n)
        self.sectors = [Pool(self.seats, members) for members in by_sector]
        self.standing = [n for n, seat in enumerate(self.seats) if seat.post is not Post.MEMBER]

    def _cast(self, rhythm: Rhythm, today: int) -> tuple[int, int]:
        """Choose the host and the newcomer among plain members of the whole term, and make them so."""
        plain = [
            n
            for n, seat in enumerate(self.seats)
            if seat.post is Post.MEMBER
            and (seat.first_day, seat.last_day) == (rhythm.first_day, rhythm.last_day)
            and len(seat.name) == 3
            and not set(seat.name) & set(RARE)
        ]
        host = next((n for n in plain if self.seats[n].profession == "教"), plain[0])
        newcomer = plain[-1]
        self.seats[host].energy = max(seat.energy for seat in self.seats)
        self.seats[host].presence = 0.96
        self.seats[host].committees = (COMMITTEES.index("教科卫体委员会"),)
        self.seats[newcomer].energy = 0.0
        self.seats[newcomer].first_day = max(rhythm.first_day, today - 40)
        self.seats[newcomer].committees = ()
        return host, newcomer

    def actor(self, rng: Random, day: int, near: int | None = None) -> int:
        """A seat that acts on a day; with `near`, often one of the same sector."""
        if near is not None and rng.random() < 0.3:
            pool = self.sectors[self.seats[near].sector]
            if len(pool.members) > 3:
                return pool.draw(rng, day)
        return self.everyone.draw(rng, day)

    def friend(self, rng: Random, of: int) -> int:
        """One of the few of the same sector with whom a seat works most."""
        members = self.sectors[self.seats[of].sector].members
        return members[(bisect(members, of) + int(rng.random() * 5)) % len(members)]


class Pool:
    """Seats drawn in proportion to their energy."""

    def __init__(self, seats: list[SeatPlan], members: Iterable[int]) -> None:
        self.seats, self.members = seats, list(members)
        self._so_far = list(accumulate(seats[n].energy for n in self.members))

    def draw(self, rng: Random, day: int) -> int:
        """One that is held on `day`; the last draw after twenty misses."""
        drawn = 0
        for _ in range(20):
            drawn = self.members[
                bisect(self._so_far, rng.random() * self._so_far[-1], 0, len(self.members) - 1)
            ]
            if self.seats[drawn].holds(day):
                break
        return drawn


def shares(rng: Random, parts: int, total: int, sigma: float) -> list[int]:
    """`total` shared among `parts` unevenly: a few get much, many little (log-normal with `sigma`)."""
    weights = [exp(rng.gauss(0, sigma)) for _ in range(parts)]
    unit, given, out = total / sum(weights), 0.0, []
    for weight in weights:
        before = round(given)
        given += weight * unit
        out.append(round(given) - before)
    return out


def _posts(members: int) -> list[Post]:
    top = [Post.CHAIR, *[Post.VICE_CHAIR] * 8, Post.SECRETARY_GENERAL]
    standing = [Post.STANDING_MEMBER] * round(members * 0.14)
    return [*top, *standing, *[Post.MEMBER] * (members - len(top) - len(standing))]


def _seat(rng: Random, post: Post, rhythm: Rhythm, fields: tuple[str, ...]) -> SeatPlan:
    gender = "女" if rng.random() < 0.36 else "男"
    draw, first, last = rng.random(), rhythm.first_day, rhythm.last_day
    if post in {Post.STANDING_MEMBER, Post.MEMBER}:
        if draw < 0.04:  # joined later
            first += rng.randint(200, 1_500)
        elif draw < 0.08:  # left earlier
            last -= rng.randint(200, 1_500)
    spirit = rng.gauss(0, 1)
    boost = 1.0 if post is Post.MEMBER else 1.5
    sits = rng.random()
    committees = rng.sample(range(len(COMMITTEES)), 2 if sits < 0.08 else 1 if sits < 0.72 else 0)
    sector = int(len(SECTORS) * rng.random() ** 1.15)
    profession = rng.choice(_OF_SECTOR[SECTORS[sector]])
    about = PROFESSIONS[profession]
    return SeatPlan(
        name=person_name(rng, gender),
        gender=gender,
        born=rhythm.first_day - int(min(max(rng.gauss(50, 7), 30), 66) * 365.25),
        profession=profession,
        employer=rng.choice(about["employers"]),
        sector=sector,
        committees=tuple(sorted(committees)),
        post=post,
        first_day=first,
        last_day=last,
        energy=boost * exp(1.2 * spirit),
        presence=min(max(0.72 + 0.12 * spirit + rng.gauss(0, 0.1) + (boost - 1) * 0.15, 0.15), 0.99),
        fields=(rng.choice(about["fields"]), rng.choice(fields)),
    )
