"""How large the demo city is, and who acts how much in it."""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from random import Random

from app.demo.grammar import corpus
from app.demo.names import person_name
from app.demo.rhythm import Rhythm
from app.people.models import Post

ORDINAL = 16
_CITY = corpus("city")
ORGANIZATION: str = _CITY["organization"]
SECTORS: list[str] = _CITY["sectors"]
COMMITTEES: list[str] = _CITY["committees"]
UNITS: list[str] = _CITY["units"]
EMPLOYERS: list[str] = _CITY["employers"]


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
        )


@dataclass(slots=True)
class SeatPlan:
    """A member: who, where, from which day to which (days since 1970), and how inclined to act."""

    name: str
    gender: str
    born: int
    employer: str
    sector: int
    committees: tuple[int, ...]
    post: Post
    first_day: int
    last_day: int
    energy: float
    presence: float
    fields: tuple[int, ...]

    def holds(self, day: int) -> bool:
        """Whether the seat is held on a day."""
        return self.first_day <= day <= self.last_day


class City:
    """The members of a city, from which those who act are drawn; seats are named by their index."""

    def __init__(self, seed: int, scale: float, rhythm: Rhythm, fields: int) -> None:
        rng = Random(f"{seed}:people")
        self.sizes = Sizes.at(scale)
        posts = _posts(self.sizes.members)
        self.seats = [_seat(rng, post, rhythm, fields) for post in posts]
        self.everyone = Pool(self.seats, range(len(self.seats)))
        by_sector: list[list[int]] = [[] for _ in SECTORS]
        self.committees: list[list[int]] = [[] for _ in COMMITTEES]
        for n, seat in enumerate(self.seats):
            by_sector[seat.sector].append(n)
            for committee in seat.committees:
                self.committees[committee].append(n)
        self.sectors = [Pool(self.seats, members) for members in by_sector]
        self.standing = [n for n, seat in enumerate(self.seats) if seat.post is not Post.MEMBER]

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


def _seat(rng: Random, post: Post, rhythm: Rhythm, fields: int) -> SeatPlan:
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
    return SeatPlan(
        name=person_name(rng, gender),
        gender=gender,
        born=rhythm.first_day - int(min(max(rng.gauss(50, 7), 30), 66) * 365.25),
        employer=rng.choice(EMPLOYERS),
        sector=int(len(SECTORS) * rng.random() ** 1.15),
        committees=tuple(sorted(committees)),
        post=post,
        first_day=first,
        last_day=last,
        energy=boost * exp(1.2 * spirit),
        presence=min(max(0.72 + 0.12 * spirit + rng.gauss(0, 0.1) + (boost - 1) * 0.15, 0.15), 0.99),
        fields=tuple(rng.sample(range(fields), 2)),
    )
