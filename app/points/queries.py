"""Every SELECT of points: rulesets, the records that they are applied to, and the scores that are kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, func, select

from app.activities.models import Activity
from app.core.errors import NotFound
from app.core.sql import AnyRow, table
from app.duty.models import DutyRecord, OutsideAct
from app.opinions.models import OpinionReport
from app.people.duty_years import in_words
from app.people.models import Organization, Person, Seat, Sector
from app.points.engine.gains import PointsRecord
from app.points.engine.ruleset import Ruleset
from app.points.engine.score import Engine, Sitting
from app.points.models import RulesetVersion, Score
from app.proposals.lifecycle import OUTCOMES
from app.proposals.models import Proposal
from app.speeches.models import Speech

_d, _s, _o, _r, _k = (table(of) for of in (DutyRecord, Seat, Organization, RulesetVersion, Score))
_a, _p, _q, _x = table(Activity), table(Proposal), table(OpinionReport), table(OutsideAct)
_speech = table(Speech)
_person, _sector = table(Person), table(Sector)


@dataclass(frozen=True)
class LoadedRuleset:
    """A kept ruleset made ready: its row, its rules, its year by the organization, and the engine."""

    id: int
    organization_id: int
    duty_year: int
    version: int
    rules: Ruleset
    first: date
    last: date
    starts: str
    label: str
    zone: str

    @property
    def engine(self) -> Engine:
        """The engine of the whole year."""
        return Engine(self.rules, self.first, self.last)

    @property
    def obstacle(self) -> str | None:
        """Why it cannot be put in force: it was written for years that begin on another day than the organization's."""
        if self.rules.year_starts in {None, self.starts}:
            return None
        written = in_words(self.rules.year_starts)
        return (
            f"这份办法写明年度从{written}起，而本组织的{self.duty_year}年度从{in_words(self.starts)}起。"
            f"请系统管理员先在组织设置里把{self.duty_year}年度改为从{written}起；"
            "如果不改，请删去办法中的 year_starts 一行，再提交一版。"
        )


def _loaded(row: AnyRow) -> LoadedRuleset:
    rules = Ruleset.model_validate(row.rules)
    years, year = row.duty_years, row.duty_year
    first, last = years.days(year)
    return LoadedRuleset(
        id=row.id,
        organization_id=row.organization_id,
        duty_year=year,
        version=row.version,
        rules=rules,
        first=first,
        last=last,
        starts=years.starts(year),
        label=years.label(year),
        zone=row.timezone,
    )


def _rulesets() -> Select[Any]:
    return select(_r, _o.c.duty_years, _o.c.timezone).join(_o, _o.c.id == _r.c.organization_id)


def ruleset(conn: Connection, organization_id: int, ruleset_id: int) -> LoadedRuleset:
    """A ruleset of an organization by id; `NotFound` when there is none."""
    mine = (_r.c.id == ruleset_id) & (_r.c.organization_id == organization_id)
    row = conn.execute(_rulesets().where(mine)).first()
    if row is None:
        raise NotFound
    return _loaded(row)


def in_force(conn: Connection, organization_id: int, duty_year: int) -> LoadedRuleset | None:
    """The published ruleset of a duty year; None before the first is published."""
    of = (_r.c.organization_id == organization_id) & (_r.c.duty_year == duty_year)
    row = conn.execute(_rulesets().where(of, _r.c.state == "published")).first()
    return _loaded(row) if row else None


def published(conn: Connection) -> list[LoadedRuleset]:
    """Every ruleset that is in force."""
    rows = conn.execute(_rulesets().where(_r.c.state == "published").order_by(_r.c.id))
    return [_loaded(row) for row in rows]


def held(of: LoadedRuleset) -> ColumnElement[bool]:
    """The seats that are measured: held on some day of the ruleset's year."""
    return and_(
        _s.c.organization_id == of.organization_id, _s.c.starts_on <= of.last, _s.c.ends_on >= of.first
    )


def _fresh(of: LoadedRuleset) -> ColumnElement[bool]:
    return and_(
        _k.c.ruleset_id == of.id, _k.c.seat_id == _s.c.id, _k.c.figures_version == _s.c.figures_version
    )


def stale(conn: Connection, of: LoadedRuleset, limit: int, after: int = 0) -> list[int]:
    """Ids of seats whose score is missing, or whose figures have moved since; in the order of their ids."""
    found = (
        select(_s.c.id)
        .select_from(_s.outerjoin(_k, _fresh(of)))
        .where(held(of), _k.c.seat_id.is_(None), _s.c.id > after)
    )
    return list(conn.scalars(found.order_by(_s.c.id).limit(limit)))


def progress(conn: Connection, of: LoadedRuleset, scored_to: int | None) -> tuple[int, int]:
    """How many of how many seats have been passed since the computing began."""
    done = func.sum((_s.c.id <= (scored_to or 0)).cast(Integer))
    row = conn.execute(select(func.coalesce(done, 0), func.count()).select_from(_s).where(held(of))).one()
    return row[0], row[1]


@dataclass(frozen=True)
class Measured:
    """A seat with what the engine needs of it."""

    seat_id: int
    figures_version: int
    sitting: Sitting


def seats(conn: Connection, seat_ids: Collection[int]) -> list[Measured]:
    """Some seats, in the order of their ids."""
    columns = (_s.c.id, _s.c.figures_version, _s.c.post, _s.c.starts_on, _s.c.ends_on)
    rows = conn.execute(select(*columns).where(_s.c.id.in_(seat_ids)).order_by(_s.c.id))
    return [Measured(row[0], row[1], Sitting(row[2], row[3], row[4])) for row in rows]


def names(conn: Connection, of: LoadedRuleset, first: date, last: date) -> dict[int, tuple[str, str, str]]:
    """Name, sector and post of the seats that were held between two days of the year, by id."""
    rows = conn.execute(
        select(_s.c.id, _person.c.name, _sector.c.name.label("sector"), _s.c.post)
        .select_from(
            _s.join(_person, _person.c.id == _s.c.person_id).join(_sector, _sector.c.id == _s.c.sector_id)
        )
        .where(_s.c.organization_id == of.organization_id, _s.c.starts_on <= last, _s.c.ends_on >= first)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


_RECORDS = select(
    _d.c.seat_id,
    _d.c.id,
    _d.c.kind,
    _d.c.role,
    _d.c.level,
    _d.c.occurred_at,
    _d.c.occurred_on,
    _d.c.subject_type,
    _d.c.subject_id,
    _d.c.quantity,
    func.coalesce(_a.c.kind, _p.c.kind, _q.c.kind, _x.c.form, _speech.c.choice, _speech.c.wishes),
    func.coalesce(_a.c.must_attend, False),
    _a.c.half_days,
    _p.c.state,
).select_from(
    _d.outerjoin(_a, and_(_d.c.subject_type == "activity", _a.c.id == _d.c.subject_id))
    .outerjoin(_p, and_(_d.c.subject_type == "proposal", _p.c.id == _d.c.subject_id))
    .outerjoin(_q, and_(_d.c.subject_type == "opinion_report", _q.c.id == _d.c.subject_id))
    .outerjoin(_x, and_(_d.c.subject_type == "outside_act", _x.c.id == _d.c.subject_id))
    .outerjoin(_speech, and_(_d.c.subject_type == "speech", _speech.c.id == _d.c.subject_id))
)
#: The records that stand.
LIVE = _d.c.voided_at.is_(None)


def records(
    conn: Connection, seat_ids: Collection[int], first: date, last: date, which: ColumnElement[bool] = LIVE
) -> dict[int, list[PointsRecord]]:
    """The records of some seats between two local days, by seat: the live ones, if not told otherwise."""
    found: dict[int, list[PointsRecord]] = {seat_id: [] for seat_id in seat_ids}
    days = _d.c.occurred_on.between(first, last)
    rows = conn.execute(_RECORDS.where(which, _d.c.seat_id.in_(seat_ids), days))
    for row in rows:
        seat, number, kind, role, level, at, on, subject, of, quantity, form, must, half_days, state = row
        is_so = (form, bool(must), half_days, OUTCOMES.get(state))
        found[seat].append(PointsRecord(number, kind, role, level, at, on, (subject, of), quantity, *is_so))
    return found


def cached_scores(conn: Connection, of: LoadedRuleset) -> Iterator[AnyRow]:
    """The kept scores of a ruleset that are said to be fresh."""
    return iter(conn.execute(select(_k).select_from(_k.join(_s, _fresh(of))).order_by(_k.c.seat_id)))
