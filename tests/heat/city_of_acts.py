"""Acts of a city as plain rows: read from a database, added to by cheats, and counted by the pure formula."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from app.heat import formula
from app.heat.formula import Circle, FormulaLine, Given, HeatAct, ScorePart

_PARTS = {"opinion": ScorePart.OPINION, "reply": ScorePart.REPLY, "update": ScorePart.UPDATE}


class Did(NamedTuple):
    """An opinion, a reply, an update or a support by a seat, on a local day, for another seat or for nobody."""

    what: str
    at: datetime
    on: date
    by: int
    to: int | None = None
    topic: int | None = None
    flaw: str | None = None
    n: int = 0


def lines_of(did: Iterable[Did], speakers: set[int] | None = None) -> dict[int, list[FormulaLine]]:
    """The lines of every seat for what was done in a window; all have spoken lately, or only the `speakers`."""
    acts: defaultdict[int, list[HeatAct]] = defaultdict(list)
    first: dict[tuple[int, int, int], datetime] = {}
    for place, one in enumerate(did):
        subject = ("act", one.n or place)
        if one.what != "support":
            other = None if one.what == "update" else one.to
            act = HeatAct(_PARTS[one.what], one.at, one.on, subject, one.topic, other, flaw=one.flaw)
            acts[one.by].append(act)
        if one.to is None or one.to == one.by or one.what == "update":
            continue
        acts[one.to].append(HeatAct(ScorePart.ECHO, one.at, one.on, subject, None, one.by, flaw=one.flaw))
        if one.flaw is None:
            key = (formula.month(one.on), one.by, one.to)
            first[key] = min(first.get(key, one.at), one.at)
    mutual = {(month, by, to) for month, by, to in first if (month, to, by) in first}
    given: defaultdict[int, list[Given]] = defaultdict(list)
    for (month, by, to), at in first.items():
        given[by].append(Given(to, month, at))
    found = {}
    for seat, mine in acts.items():
        givers = {act.other for act in mine if act.part is ScorePart.ECHO}
        silent = set() if speakers is None else {giver for giver in givers if giver and giver not in speakers}
        others = {(month, one, other) for month, one, other in mutual if seat not in {one, other}}
        found[seat] = formula.score(seat, mine, Circle(given[seat], others, silent))
    return found


def heat_of(did: Iterable[Did], speakers: set[int] | None = None) -> Counter[int]:
    """The heat of every seat for what was done in a window."""
    return Counter(
        {seat: sum(line.points for line in lines) for seat, lines in lines_of(did, speakers).items()}
    )
