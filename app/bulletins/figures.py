"""The figures of a bulletin as JSON: counts that open what they count, and what compares with the year before."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, FromClause, func, literal, select
from sqlmodel import SQLModel

from app.auth.actor import Actor
from app.bulletins import rules
from app.bulletins.counting import RecordSelection, in_body
from app.bulletins.models import (
    BulletinBody,
    BulletinCommittee,
    BulletinCount,
    BulletinProposal,
    BulletinSeat,
)
from app.bulletins.rules import ANY, Dimension
from app.core.sql import AnyRow, table
from app.duty.kinds import KINDS
from app.duty.measures.rules import all_written
from app.people.bodies.models import Body
from app.people.models import Committee, Sector, Term

_s, _c, _n = table(BulletinSeat), table(BulletinCommittee), table(BulletinCount)
_b, _p = table(BulletinBody), table(BulletinProposal)

BULLETINS = "/api/v1/bulletins"
_NOTHING: dict[str, Any] = {"records": 0, "subjects": 0, "members": 0, "quantity": 0, "measures": None}
_EMPTY = {"seats": 0, "days": 0, "scored": 0, "points": 0}


@dataclass(frozen=True)
class Figures:
    """Counts by year, group and kind, the seats of each year and group, and the groups in their order, for an actor."""

    row: AnyRow
    actor: Actor
    cells: dict[tuple[int, str, str], dict[str, Any]]
    crowds: dict[tuple[int, str], dict[str, int]]
    proposals: dict[tuple[int, str], int]
    names: list[str]

    @classmethod
    def of(
        cls,
        conn: Connection,
        actor: Actor,
        row: AnyRow,
        dimension: Dimension | None = None,
        kind: str | None = None,
    ) -> "Figures":
        """The figures of the whole, or of each sector, committee or body, of all kinds or of one."""
        found = select(_n).where(_n.c.bulletin_id == row.id, _n.c.dimension == (dimension or ""))
        if kind:
            found = found.where(_n.c.kind == kind)
        cells = {
            (each.duty_year, each.name, each.kind): {name: getattr(each, name) for name in _NOTHING}
            for each in conn.execute(found)
        }
        crowds = _crowds(conn, row, dimension)
        places = _places(conn, row, dimension) if dimension else {}
        proposals = _proposals(conn, row) if dimension == "body" else {}
        names = sorted(
            {name for _, name in crowds | proposals}, key=lambda name: (places.get(name, len(places)), name)
        )
        return cls(row, actor, cells, crowds, proposals, names)

    @property
    def years(self) -> tuple[int, int]:
        """The year and the one before."""
        return self.row.duty_year, self.row.duty_year - 1

    def _seats(self, year: int, name: str) -> dict[str, int]:
        return self.crowds.get((year, name), _EMPTY)

    def _gone(self, year: int) -> int:
        """How many days of a year are counted."""
        if year == self.row.duty_year:
            return int((self.row.counted_on - self.row.starts_on).days) + 1
        return int((self.row.before_on - self.row.before_starts_on).days) + 1

    def _per_head(self, year: int, kind: str, name: str) -> Fraction | None:
        cell = self.cells.get((year, name, kind), _NOTHING)
        return rules.per_head(cell["records"], self._seats(year, name)["days"], self._gone(year))

    def _figure(self, count: int, what: str, wanted: RecordSelection) -> dict[str, Any]:
        return figure(self.row, self.actor, count, what, wanted)

    def crowd(self, year: int, dimension: Dimension | None, name: str) -> dict[str, Any]:
        """How many sat in a group, on average over the year too, and their mean points, as `BulletinCrowd`."""
        found = self._seats(year, name)
        mean = round(found["points"] / found["scored"] / 100, 2) if found["scored"] else None
        return {
            "year": year,
            "label": rules.label(year, self.row),
            "seats": self._figure(found["seats"], "members", RecordSelection(year, None, dimension, name)),
            "full_time": round(found["days"] / self._gone(year), 1),
            "mean_points": mean,
            "proposals": self._figure(
                self.proposals.get((year, name), 0), "proposals", RecordSelection(year, None, dimension, name)
            )
            if dimension == "body"
            else None,
        }

    def counted(self, year: int, kind: str, dimension: Dimension | None, name: str) -> dict[str, Any]:
        """What a group did of a kind in a year, as `BulletinCounted`."""
        cell, wanted = (
            self.cells.get((year, name, kind), _NOTHING),
            RecordSelection(year, kind, dimension, name),
        )
        each = self._per_head(year, kind, name)
        return {
            "year": year,
            "label": rules.label(year, self.row),
            "records": self._figure(cell["records"], "records", wanted),
            "subjects": self._figure(cell["subjects"], "subjects", wanted),
            "members": self._figure(cell["members"], "members", wanted),
            "quantity": None if kind == ANY else cell["quantity"],
            "measures": [
                {**one, "path": self._figure(1, "records", wanted._replace(measure=one["measure"]))["path"]}
                for one in all_written(cell["measures"] or {})
            ],
            "per_head": None if each is None else round(float(each), 2),
        }

    def both(self, kind: str, dimension: Dimension | None, name: str) -> dict[str, Any]:
        """What a group did of a kind in both years, as `BulletinCounts`."""
        now, before = (self.counted(year, kind, dimension, name) for year in self.years)
        known = KINDS.get(kind)
        return {
            "kind": kind,
            "kind_label": known.label if known else "各类履职",
            "unit": known.unit if known else "件",
            "quantity_unit": known.quantity_unit if known else "",
            "now": now,
            "before": before,
            "change": rules.change(*(self._per_head(year, kind, name) for year in self.years)),
        }

    def kinds(self, dimension: Dimension | None, name: str) -> list[dict[str, Any]]:
        """What a group did in both years, by kind; kinds that nobody did are left out."""
        done = {kind for year, group, kind in self.cells if group == name}
        return [self.both(kind, dimension, name) for kind in KINDS if kind in done]


def figure(row: AnyRow, actor: Actor, count: int, what: str, wanted: RecordSelection) -> dict[str, Any]:
    """A figure, and the list that it opens; no path for nothing, or for what the actor may not open."""
    query: dict[str, Any] = {"year": wanted.year}
    query |= {wanted.dimension: wanted.name} if wanted.dimension else {}
    query |= {"kind": wanted.kind} if wanted.kind else {}
    query |= {"seat_id": wanted.seat_id} if wanted.seat_id else {}
    query |= {"measure": wanted.measure} if wanted.measure else {}
    opens = count and rules.opens(actor, wanted.kind)
    return {"count": count, "path": f"{BULLETINS}/{row.id}/{what}?{urlencode(query)}" if opens else None}


def _places(conn: Connection, row: AnyRow, dimension: Dimension) -> dict[str, int]:
    """The order in which an organization names its sectors, committees or bodies; that of its latest term counts."""
    groups: dict[Dimension, type[SQLModel]] = {"sector": Sector, "committee": Committee, "body": Body}
    x, t = table(groups[dimension]), table(Term)
    found = select(x.c.name, x.c.position).join(t, t.c.id == x.c.term_id)
    rows = conn.execute(found.where(t.c.organization_id == row.organization_id).order_by(t.c.ordinal))
    return {each.name: each.position for each in rows}


def _crowds(
    conn: Connection, row: AnyRow, dimension: Dimension | None
) -> dict[tuple[int, str], dict[str, int]]:
    """Seats, their days and points, by year and group."""
    names = {None: literal(""), "sector": _s.c.sector, "committee": _c.c.committee, "body": _b.c.body}
    name = names[dimension].label("name")
    columns = (
        func.count().label("seats"),
        func.sum(_s.c.days).label("days"),
        func.count(_s.c.points).label("scored"),
        func.coalesce(func.sum(_s.c.points), 0).label("points"),
    )
    source: FromClause = _s
    if dimension == "committee":
        source = _s.join(_c, (_c.c.bulletin_id == _s.c.bulletin_id) & (_c.c.seat_id == _s.c.seat_id))
    elif dimension == "body":
        source = _s.join(_b, in_body(_s))
    found = select(_s.c.duty_year, name, *columns).select_from(source).where(_s.c.bulletin_id == row.id)
    rows = conn.execute(found.group_by(_s.c.duty_year, name)).mappings()
    return {(r["duty_year"], r["name"]): {key: int(r[key]) for key in _EMPTY} for r in rows}


def _proposals(conn: Connection, row: AnyRow) -> dict[tuple[int, str], int]:
    """How many collective proposals of each body were filed, by year."""
    found = select(_p.c.duty_year, _p.c.body, func.count()).where(_p.c.bulletin_id == row.id)
    rows = conn.execute(found.group_by(_p.c.duty_year, _p.c.body))
    return {(year, body): count for year, body, count in rows}
