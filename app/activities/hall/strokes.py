"""The order of names by strokes (姓氏笔画), as official lists have it."""

from functools import cache
from pathlib import Path


@cache
def _places() -> dict[str, int]:
    lines = Path(__file__).with_name("strokes.txt").read_text("utf-8").splitlines()
    return {char: place for place, char in enumerate("".join(lines[1:]))}


def by_strokes(name: str) -> list[int]:
    """Sorts names by the strokes of their characters, one after the other; rare characters come last."""
    places = _places()
    return [places.get(char, len(places) + ord(char)) for char in name]
