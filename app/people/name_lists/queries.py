"""Whom a pasted list of names means, as an import would understand it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.core.language.names import split
from app.core.sql import table
from app.people.models import Person, Seat, Sector
from app.people.name_lists.schemas import MATCH_LABELS, Match
from app.people.phone_numbers import mobile
from app.people.queries import author_columns
from app.people.roster.member_matching import COLUMNS, Members

_DIVIDERS = re.compile(r"[、，,；;]")
_NUMBERING = re.compile(r"^[（(]?\d{1,3}[.、．)）]\s*")
_HEADERS = {header for column in COLUMNS for header in column.names} | {
    "序号",
    "界别",
    "职务",
    "单位",
    "工作单位",
    "备注",
    "名单",
}
#: With remarks in brackets; splitting a name takes time by the square of its length.
_LONGEST_NAME = 100
_s, _p, _x = table(Seat), table(Person), table(Sector)


class _Entry(NamedTuple):
    """A line or a part of it: the cell that is taken for the name, the name if it is one, and the other cells."""

    written: str
    name: str | None
    others: list[str]


def matches(conn: Connection, organization_id: int, text: str, on: date) -> list[dict[str, Any]]:
    """Each name in the order of the list with the members in office on a day that it may mean."""
    members = Members(conn, organization_id)
    entries = list(_entries(text, members))
    held = [members.held("name", entry.name, on) if entry.name else [] for entry in entries]
    people = _people(conn, {seat for seats in held for seat in seats})
    found, taken = [], set[int]()
    for entry, seats in zip(entries, held, strict=True):
        likely = _narrowed(entry, seats, members, people, on)
        match = _match(entry, likely, members, taken)
        if match is Match.FOUND:
            taken.update(likely)
        found.append(
            {
                "written": entry.written,
                "match": match,
                "match_label": MATCH_LABELS[match],
                "members": [people[seat] for seat in likely],
            }
        )
    return found


def _entries(text: str, members: Members) -> Iterator[_Entry]:
    for line in text.splitlines():
        for part in [line] if "\t" in line else _DIVIDERS.split(_NUMBERING.sub("", line.strip())):
            cells = [cell for raw in part.split("\t") if (cell := _NUMBERING.sub("", raw.strip()))]
            if not cells or set(cells) <= _HEADERS:
                continue
            unread: tuple[str, str | None] = (cells[0], None)
            named = [(cell, _name(cell)) for cell in cells]
            known = [(cell, name) for cell, name in named if name and members.knows("name", name)]
            readable = [(cell, name) for cell, name in named if name]
            written, name = next(iter(known or readable), unread)
            yield _Entry(written[:50], name, [cell for cell in cells if cell != written])


def _name(cell: str) -> str | None:
    if len(cell) > _LONGEST_NAME:
        return None
    try:
        return split(cell)[0]
    except ValueError:
        return None


def _narrowed(
    entry: _Entry, seats: list[int], members: Members, people: dict[int, dict[str, Any]], on: date
) -> list[int]:
    """The namesakes whose number, phone or sector stands in another cell; all of them where none does."""
    for cell in entry.others if len(seats) > 1 else ():
        keys = {*members.held("number", _narrow(cell), on), *members.held("phone", _phone(cell), on)}
        fitting = [seat for seat in seats if seat in keys or people[seat]["sector"] == cell]
        if fitting:
            return fitting
    return seats


def _narrow(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))


def _phone(cell: str) -> str | None:
    try:
        return mobile(cell)
    except ValueError:
        return None


def _match(entry: _Entry, likely: Collection[int], members: Members, taken: Collection[int]) -> Match:
    if not likely:
        return Match.PAST if entry.name and members.knows("name", entry.name) else Match.UNKNOWN
    if len(likely) > 1:
        return Match.SEVERAL
    return Match.AGAIN if set(likely) <= set(taken) else Match.FOUND


def _people(conn: Connection, seat_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    name, _, post_label, sector = author_columns("")
    of = _s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id)
    query = select(_s.c.id.label("seat_id"), name, sector, post_label).select_from(of)
    rows = conn.execute(query.where(_s.c.id.in_(seat_ids))).mappings()
    return {row["seat_id"]: dict(row) for row in rows}
