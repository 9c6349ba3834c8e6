"""Who sits where: by sector, and within it by the strokes of the name or by the roster."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from app.activities.hall.strokes import by_strokes


class SeatingOrder(StrEnum):
    """In which order the members of a sector sit."""

    STROKES = "strokes"
    ROSTER = "roster"


ORDER_LABELS = {SeatingOrder.STROKES: "界别、姓氏笔画", SeatingOrder.ROSTER: "界别、名册次序"}


class Place(NamedTuple):
    """A chair of the hall."""

    row: int
    chair: int


class Guest(NamedTuple):
    """Somebody who is expected; `sector` is the place of the sector in the roster."""

    seat_id: int
    name: str
    sector: int


def arranged(guests: Iterable[Guest], order: SeatingOrder) -> list[Guest]:
    """Everybody in the order in which they take their chairs."""
    if order is SeatingOrder.ROSTER:
        return sorted(guests, key=lambda guest: (guest.sector, guest.seat_id))
    return sorted(guests, key=lambda guest: (guest.sector, by_strokes(guest.name), guest.seat_id))


def seated(
    guests: Iterable[Guest],
    order: SeatingOrder,
    *,
    rows: int,
    columns: int,
    front_rows: int,
    front: Mapping[int, Place],
) -> dict[int, Place] | None:
    """A chair for each guest: those in `front` keep theirs, the others fill the rows behind; None: too few chairs."""
    others = [guest for guest in arranged(guests, order) if guest.seat_id not in front]
    chairs = [Place(row, chair) for row in range(front_rows + 1, rows + 1) for chair in range(1, columns + 1)]
    if len(others) > len(chairs):
        return None
    return dict(front) | {guest.seat_id: chair for guest, chair in zip(others, chairs, strict=False)}
