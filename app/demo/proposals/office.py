"""What goes through the hands of units: a proposal that was filed, and all that its story is told with."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from app.demo.city.agenda import Agenda
from app.demo.city.plan import UNITS
from app.demo.city.rhythm import DAY, at_work
from app.demo.city.world import World
from app.demo.language.text import ProposalText, Theme
from app.demo.proposals.docket import Docket
from app.demo.proposals.register import Register
from app.demo.proposals.talks import Talks
from app.proposals.lifecycle import ProposalState


@dataclass(frozen=True, slots=True)
class Script:
    """What is arranged about a proposal that is shown; all else comes by chance.

    Units come no further than the state `until`; the answer comes at the moment `replied`, and promises something for
    the day `promised`, of which nothing is heard any more. `key`: a leader looks after it this month.
    """

    until: ProposalState | None = None
    replied: int | None = None
    promised: date | None = None
    key: bool = False


BY_CHANCE = Script()


class Filed(NamedTuple):
    """A proposal that was filed: who signed it, the author first, and in whose name."""

    id: int
    number: int
    theme: Theme
    text: ProposalText
    signed: list[tuple[int, str]]
    name: str
    at: int
    script: Script


class Temper(NamedTuple):
    """How a unit works: its chances to be late, to meet the author, to take up a suggestion, to keep its word."""

    late: float
    meets: float
    takes: float
    keeps: float


class DemoOffice:
    """What all proposals have in common while they are handled."""

    def __init__(self, world: World) -> None:
        self.world, (self.rng, self.writer) = world, world.chance("handling")
        self.complainer = world.chance("handling/complaints")[1]
        self.talker, self._of_talks = world.chance("handling/talks")
        self.register = Register(world)
        self.tempers = [_temper(Random(f"{world.seed}:unit:{n}")) for n in range(len(UNITS) + 1)]

    def say_of_talk(self, tale: "Tale", rule: str) -> str:
        """What is said of the record of a talk."""
        return self._of_talks.say(tale.filed.theme, rule)


class Tale:
    """One proposal while its story is told."""

    def __init__(self, office: DemoOffice, filed: Filed) -> None:
        self.office, self.filed, self.script = office, filed, filed.script
        self.world, self.rng = office.world, office.rng
        self.staff = self.rng.choice(self.world.staff)
        self.docket = Docket(office.register, filed.id, filed.text.title, filed.signed)
        self.talks = Talks(self.docket, office.register)
        self.agenda = Agenda(self.world.now)

    def say(self, rule: str, **slots: str) -> str:
        """Words by a rule of the corpus, about what the proposal is about."""
        return self.office.writer.say(self.filed.theme, rule, frozenset(), **slots)

    def complain(self) -> str:
        """Why somebody is dissatisfied."""
        return self.office.complainer.say(self.filed.theme, "remark_dissatisfied")

    def days(self, at: int, least: float, most: float) -> int:
        """An hour of office work some days later."""
        return max(at_work(at + int(self.rng.uniform(least, most) * DAY)), at + 600)


def _temper(rng: Random) -> Temper:
    late, meets = rng.uniform(0.02, 0.16), rng.uniform(0.6, 0.98)
    return Temper(late, meets, takes=rng.uniform(0.45, 0.95), keeps=rng.uniform(0.6, 0.95))


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
