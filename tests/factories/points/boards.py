"""Boards of heat at a moment of March 2026, whose rows add up."""

from decimal import ROUND_HALF_UP, Decimal

from tests.factories.city import Who
from tests.points.world import World, at

MONDAY = "2026-03-02"
NOW = at("2026-03-04 20:00")


def check(world: World, reader: Who, board: dict, moment=NOW) -> None:
    """Every row opens lines that add up to it, in heat and in parts."""
    parts = {"opinions": "opinion", "replies": "reply", "updates": "update", "echoes": "echo"}
    for row in board["items"]:
        lines = world.lines(reader, row["records"], moment)
        whole = sum((Decimal(line["points"]) * Decimal(str(line["weight"])) for line in lines), Decimal(0))
        assert whole.quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(str(row["heat"])), row
        for name, part in parts.items():
            assert sum(line["counted"] for line in lines if line["part"] == part) == row["parts"][name], row
