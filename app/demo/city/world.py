"""What every part of the filling shares: the city, its clock, its ledger. Seat n of the plan has id n + 1."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.demo.city.bell import Bell
from app.demo.city.bodies import Bodies
from app.demo.city.plan import ORGANIZATION_ID, City, SeatPlan
from app.demo.city.rhythm import DAY, Rhythm, days_since_1970, local_date, utc, words
from app.demo.city.rows import Rows
from app.demo.language.text import Theme, Writer, fields, themes
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.findings.lifecycle import FindingSource
from app.people.duty_years import DutyYears


class Occasion(NamedTuple):
    """A topic or meeting that is over: what it was about, and who took part.

    `remarks` are some suggestions that were made in writing there: reply, seat, words.
    """

    source: FindingSource
    subject: tuple[str, int]
    theme: Theme
    ended: int
    seats: list[int]
    remarks: list[tuple[int, int, str]]


class World:
    """The demo city while it is written; nothing happens after `now` (seconds since 1970)."""

    def __init__(self, rows: Rows, files: Path, seed: int, scale: float, now: int) -> None:
        self.rows, self.files, self.seed, self.now = rows, files, seed, now
        self.rhythm = Rhythm(local_date(now).year - 4)
        self.today = days_since_1970(local_date(now))
        self.city = City(seed, scale, self.rhythm, fields(), self.today)
        self.host, self.newcomer = self.city.host, self.city.newcomer
        self.sizes, self.seats = self.city.sizes, self.city.seats
        self.staff: list[int] = []  # account ids of the secretariat
        self.leaders: list[int] = []  # account ids of the leaders
        self.informants: list[int] = []  # account ids of the information officers
        self.leader = 0  # account id of the leader who is shown
        self.officers: dict[int, int] = {}  # account ids of the officers by unit
        self.coming: dict[int, Theme] = {}  # what each activity to come is about
        self.occasions: list[Occasion] = []  # from which suggestions are taken
        self._by_field = {field: [t for t in themes() if t.field == field] for field in fields()}
        self._record = rows.into(
            DutyRecord,
            "id organization_id seat_id kind role occurred_at occurred_on duty_year subject_type subject_id single"
            " level quantity source source_ref note recorded_by recorded_at",
        )
        self._record_id = rows.ids(DutyRecord)
        self.bodies = Bodies(rows, self.seats, self.host, seed)
        self.bell = Bell(rows, self.seats, self.host, now, Random(f"{seed}:bell"))

    def chance(self, what: str) -> tuple[Random, Writer]:
        """A source of chance of its own for one part of the city, and a writer who uses it."""
        rng = Random(f"{self.seed}:{what}")
        return rng, Writer(rng)

    def theme(self, rng: Random, seat: SeatPlan | None = None, among: Sequence[str] = ()) -> Theme:
        """Something to speak about, in a field `among` some; a member mostly keeps to fields of their own."""
        if among:
            return rng.choice(self._by_field[rng.choice(among)])
        if seat is not None and rng.random() < 0.75:
            return rng.choice(self._by_field[seat.fields[0 if rng.random() < 0.65 else 1]])
        return rng.choice(themes())

    def words(self, moment: int, seat: int | None = None) -> frozenset[str]:
        """What a text of a seat may take for granted at a moment (see grammar.py)."""
        known = words(moment)
        if moment // DAY - self.rhythm.first_day > 400:
            known |= {"往年"}
        return known if seat is None else known | {self.seats[seat].profession}

    def record(  # noqa: PLR0913 - a record has these parts
        self,
        seat: int,
        kind: str,
        subject_id: int,
        moment: int,
        *,
        subject_type: str | None = None,
        role: str = "lead",
        quantity: int = 1,
        level: str = "city",
        source: str = "platform",
        source_ref: str | None = None,
        note: str | None = None,
        by: int | None = 0,
        recorded: int | None = None,
    ) -> int:
        """One act of duty of a seat, recorded then by the member's own account unless `by` and `recorded` differ; its id."""
        at, day = utc(moment), local_date(moment)
        known = KINDS[kind]
        self._record(
            (
                (record_id := self._record_id()),
                ORGANIZATION_ID,
                seat + 1,
                kind,
                role,
                at,
                day,
                DutyYears().of(day),
                subject_type or known.subject_type,
                subject_id,
                known.single,
                level,
                quantity,
                source,
                source_ref,
                note,
                seat + 1 if by == 0 else by,
                at if recorded is None else utc(recorded),
            )
        )
        return record_id
