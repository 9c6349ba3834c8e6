"""The parts that sections are written with."""

from collections.abc import Sequence
from datetime import date

from app.cards.facts import Facts, Record
from app.cards.shape import FigureDict, ItemDict, PointDict, SectionDict, SectionKind
from app.duty.kinds import KINDS

#: Marks within marks (标点符号用法): single inside of double.
_INNER = str.maketrans("“”《》", "‘’〈〉")
_NO_WRITINGS = frozenset({"activity.attended", "consultation.held", "service.rendered", "honor.received"})


def section(
    kind: SectionKind,
    title: str,
    text: str,
    figures: Sequence[FigureDict] = (),
    *,
    items: Sequence[ItemDict] = (),
    series: Sequence[PointDict] = (),
    version: int = 1,
) -> SectionDict:
    """One page of a card; figures of zero are left out."""
    return {
        "kind": kind,
        "version": version,
        "title": title,
        "text": text,
        "figures": [figure for figure in figures if figure["value"]],
        "items": list(items),
        "series": list(series),
    }


def figure(key: str, label: str, value: int, unit: str, records: str) -> FigureDict:
    """One number and the path that opens what it counts."""
    return {"key": key, "label": label, "value": value, "unit": unit, "records": records}


def counted(facts: Facts, key: str, label: str, unit: str, *kinds: str) -> FigureDict:
    """How many records of some kinds there are in the period."""
    return figure(key, label, len(facts.of(*kinds)), unit, facts.ledger(*kinds))


def summed(facts: Facts, key: str, label: str, unit: str, kind: str) -> FigureDict:
    """The quantities of one kind in the period, added up."""
    return figure(key, label, sum(r.quantity for r in facts.of(kind)), unit, facts.ledger(kind))


def item(title: str, detail: str = "", on: date | None = None) -> ItemDict:
    """One thing worth naming."""
    return {"title": title, "detail": detail, "on": on.isoformat() if on else None}


def titled(kind: str, title: str) -> str:
    """A title in its marks: 《》 around writings, “” around meetings, services and honours."""
    return quoted(title) if kind in _NO_WRITINGS else f"《{title.translate(_INNER)}》"


def quoted(text: str) -> str:
    """A text in quotation marks, those within it being single ones."""
    return f"“{text.translate(_INNER)}”"


def named(record: Record, detail: str) -> ItemDict:
    """A record's subject by its title."""
    return item(titled(record.kind, record.title), detail, record.on)


def open_title(record: Record) -> str:
    """The title of a record's subject where every member may know of it, else nothing."""
    return record.title if KINDS[record.kind].open else ""


def sentence(*parts: str) -> str:
    """The parts that say something, joined to one sentence; empty when none does."""
    said = [part for part in parts if part]
    return "，".join(said) + "。" if said else ""


def part(figure: FigureDict, before: str, after: str = "") -> str:
    """`before`, the figure with its unit, `after`; empty when the figure is zero."""
    return f"{before} {figure['value']} {figure['unit']}{after}" if figure["value"] else ""
