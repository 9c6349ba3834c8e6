"""Cards: which one a request means, computed or from the cache, and its poster."""

import os
import re
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, update
from sqlmodel import Session

from app import __version__
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.cards import queries
from app.cards.facts import CardFacts, FactsSpan
from app.cards.format import CardDict
from app.cards.gathering import queries as gathering_queries
from app.cards.models import CardCache
from app.cards.posters import poster
from app.cards.posters.poster import Design
from app.cards.queries import CardOwner
from app.cards.sections.compose import compose, shareable, without_private
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound
from app.core.jobs.short_transactions import write
from app.core.sql import insert_new, table
from app.duty import kinds

#: As their own, as the secretariat sees it, as other members do.
View = Literal["own", "staff", "shared"]


def version_of(sources: Iterable[Path]) -> int:
    """A number that moves with every change of some files, as large as the cache's column takes."""
    digest = sha256(b"\0".join(file.read_bytes() for file in sorted(sources))).digest()
    return int.from_bytes(digest[:4]) >> 1


#: What cards are made of: this package with its lexicon, and the words of the kinds of duty.
SOURCES = (
    *(file for file in Path(__file__).parent.rglob("*") if file.suffix in {".py", ".txt"}),
    Path(kinds.__file__),
)
#: Cached cards of another version are computed again.
SECTIONS_VERSION = version_of(SOURCES)

#: Posters drawn at a time; the others wait.
_drawing = BoundedSemaphore(2)


def owner(conn: Connection, actor: Actor, seat_id: int) -> CardOwner:
    """Whose card it is; `NotFound` outside of the actor's organization."""
    found = queries.owner(conn, seat_id)
    if found is None or found.organization_id != actor.organization_id:
        raise NotFound
    return found


def view_of(actor: Actor, whose: CardOwner) -> View:
    """How the actor sees the card: as their own, as the secretariat does, or as other members do."""
    if (
        whose.seat_id in actor.seat_ids or whose.account_id == actor.account_id
    ):  # the latter in an earlier term
        return "own"
    return "staff" if actor.may(Permission.CARD_ISSUE) else "shared"


def period_of(whose: CardOwner, name: str) -> FactsSpan:
    """The period that a path names; `NotFound` when the seat was not held in it or it has not begun."""
    if name == "term":
        period = FactsSpan(name, whose.term, whose.term_first, whose.term_last)
    elif re.fullmatch("[12][0-9]{3}", name):
        period = FactsSpan(name, f"{name}年度", *whose.years.days(int(name)), int(name))
    else:
        raise NotFound
    if not (period.first <= whose.last and whose.first <= period.last and period.first <= _today(whose)):
        raise NotFound
    return period


def periods(whose: CardOwner) -> list[FactsSpan]:
    """The periods that have a card: duty years of the seat that have begun, newest first, then the term."""
    until = min(whose.last, _today(whose))
    years = range(whose.years.of(whose.first), whose.years.of(until) + 1)
    return [period_of(whose, str(year)) for year in reversed(years)] + [period_of(whose, "term")]


def _today(whose: CardOwner) -> date:
    return clock.local_day(clock.now(), whose.zone)


def etag(whose: CardOwner, period: FactsSpan, view: View) -> str:
    """Names one version of a card as it is seen."""
    today = _today(whose)
    version = (
        f"{whose.figures_version}.{SECTIONS_VERSION}.{period.as_of(today):%y%m%d}"
        f".{period.complete(today):d}{whose.has_left(today):d}"
    )
    return f'"c{whose.seat_id}-{period.name}-{version}-{view}"'


def facts(conn: Connection, whose: CardOwner, period: FactsSpan) -> CardFacts:
    """What the card of a seat and period is made of."""
    return gathering_queries.facts(conn, whose, period, _today(whose))


def body(database: Database, conn: Connection, whose: CardOwner, period: FactsSpan) -> bytes:
    """The whole card as JSON, from the cache while its figures, its sections and its day have not moved."""
    kept = queries.cached(conn, whose.seat_id, period.name)
    if kept and (kept.figures_version, kept.sections_version) == (whose.figures_version, SECTIONS_VERSION):
        made_on, today = clock.local_day(kept.computed_at, whose.zone), _today(whose)
        # a card of a running period names its day; the last words of one that is over change once the seat ends
        settled = period.complete(made_on) and whose.has_left(made_on) == whose.has_left(today)
        if settled or made_on == today:
            return bytes(kept.body)
    card = to_json(compose(facts(conn, whose, period)))
    _keep(database, whose, period, card)
    return card


def card(database: Database, conn: Connection, *, whose: CardOwner, period: FactsSpan, view: View) -> bytes:
    """The card as it is seen, as JSON."""
    return seen(body(database, conn, whose, period), view)


def _keep(database: Database, whose: CardOwner, period: FactsSpan, card: bytes) -> None:
    c = table(CardCache)
    key = {"seat_id": whose.seat_id, "period": period.name}
    row = {
        "figures_version": whose.figures_version,
        "sections_version": SECTIONS_VERSION,
        "body": card,
        "computed_at": clock.now(),
    }

    def keep(db: Session) -> None:
        conn = db.connection()
        if not insert_new(conn, c, key | row, list(key)):
            older = c.c.figures_version <= whose.figures_version
            conn.execute(update(c).where(*(c.c[k] == v for k, v in key.items()), older).values(**row))

    write(database, keep)


def seen(card: bytes, view: View) -> bytes:
    """A whole card as it is seen: what fell short is for the member alone, paths into the archive not for others."""
    if view == "own":
        return card
    return to_json((without_private if view == "staff" else shareable)(_card(card)))


def poster_name(card: bytes, url: str) -> str:
    """The name of a poster by what is on it, of the program version that draws it."""
    return sha256(b"\0".join((__version__.encode(), url.encode(), card))).hexdigest()[:24]


def poster_file(
    folder: Path, whose: CardOwner, period: FactsSpan, card: bytes, url: str, *, view: View, design: Design
) -> Path:
    """The PNG of a whole card as it is seen."""
    view = "staff" if view == "own" else view  # what is private is on no poster
    return drawn(folder, f"{whose.seat_id}-{period.name}-{view}", seen(card, view), url, design)


def drawn(folder: Path, name: str, card: bytes, url: str, design: Design) -> Path:
    """The PNG of a card, drawn unless it is there; older ones of the same name and design are removed."""
    prefix = f"{name}-{design}-"
    file = folder / f"{prefix}{poster_name(card, url)}.png"
    if not file.exists():
        with _drawing:
            if not file.exists():
                folder.mkdir(parents=True, exist_ok=True)
                for old in folder.glob(f"{prefix}*.png"):
                    old.unlink(missing_ok=True)
                save(file, poster.render(_card(card), url, design))
    return file


def _card(card: bytes) -> CardDict:
    found: CardDict = from_json(card)
    return found


def save(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = file.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(content)
    draft.replace(file)
