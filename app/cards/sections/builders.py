"""The parts that sections are written with."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from app.cards.facts import CardFacts, CardRecord
from app.cards.format import FigureDict, ItemDict, PointDict, SectionDict, SectionKind
from app.duty.kinds import KINDS
from app.duty.measures.rules import MEASURES, Measure, value

Section = Callable[[CardFacts], SectionDict | None]

#: How many things a section names.
NAMED = 3
#: Marks within marks (标点符号用法): single inside of double.
_INNER = str.maketrans("“”《》", "‘’〈〉")


def section(
    kind: SectionKind,
    title: str,
    text: str,
    figures: Sequence[FigureDict] = (),
    *,
    items: Sequence[ItemDict] = (),
    series: Sequence[PointDict] = (),
) -> SectionDict:
    """One page of a card; figures of zero are left out."""
    return {
        "kind": kind,
        "title": title,
        "text": text,
        "figures": [figure for figure in figures if figure["value"]],
        "items": list(items),
        "series": list(series),
    }


def figure(key: str, label: str, count: float, unit: str, records: str) -> FigureDict:
    """One number and the path that opens what it counts."""
    return {"key": key, "label": label, "value": count, "unit": unit, "records": records}


def counted(facts: CardFacts, key: str, label: str, unit: str, *kinds: str) -> FigureDict:
    """How many records of some kinds there are in the period."""
    return figure(key, label, len(facts.of(*kinds)), unit, facts.ledger(*kinds))


def summed(facts: CardFacts, key: str, label: str, unit: str, kind: str) -> FigureDict:
    """The quantities of one kind in the period, added up."""
    return figure(key, label, sum(r.quantity for r in facts.of(kind)), unit, facts.ledger(kind))


def measured(facts: CardFacts, measures: Iterable[Measure]) -> list[FigureDict]:
    """What came of the acts of the period, added up by measure."""
    return [
        figure(
            measure.value,
            MEASURES[measure].label,
            value(measure, sum(r.amounts.get(measure, 0) for r in facts.records)),
            MEASURES[measure].unit,
            facts.measured(measure),
        )
        for measure in measures
    ]


def item(title: str, detail: str = "", on: date | None = None) -> ItemDict:
    """One thing worth naming."""
    return {"title": title, "detail": detail, "on": on.isoformat() if on else None}


def titled(kind: str, title: str) -> str:
    """A title in its marks: 《》 around writings, “” around meetings, services and honours."""
    return f"《{title.translate(_INNER)}》" if KINDS[kind].writing else quoted(title)


def quoted(text: str) -> str:
    """A text in quotation marks, those within it being single ones."""
    return f"“{text.translate(_INNER)}”"


def named(record: CardRecord, detail: str) -> ItemDict:
    """A record's subject by its title."""
    return item(titled(record.kind, record.title), detail, record.on)


def latest(records: Iterable[CardRecord]) -> list[ItemDict]:
    """The latest things by name, each once."""
    found: dict[str, ItemDict] = {}
    for record in reversed(list(records)):
        if record.title:
            found.setdefault(record.title, named(record, KINDS[record.kind].label))
    return list(found.values())[:NAMED]


def open_title(record: CardRecord) -> str:
    """The title of a record's subject where every member may know of it, else nothing."""
    return record.title if KINDS[record.kind].open else ""


def sentence(*parts: str) -> str:
    """The parts that say something, joined to one sentence; empty when none does."""
    said = [part for part in parts if part]
    return "，".join(said) + "。" if said else ""


def part(figure: FigureDict, before: str, after: str = "") -> str:
    """`before`, the figure with its unit, `after`; empty when the figure is zero."""
    return f"{before} {figure['value']} {figure['unit']}{after}" if figure["value"] else ""
