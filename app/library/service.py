"""The only writer of the library: documents come in and go; their words are indexed in small steps, mostly later."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from secrets import token_hex
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlmodel import Session

from app.core import outbox
from app.core.db import Database
from app.core.import_report import Progress
from app.core.sql import hold, table
from app.duty.turns import after
from app.library import platform, words
from app.library.facts import Facts
from app.library.models import INDEX, LibraryDocument
from app.library.rules import Kind

T = TypeVar("T")
Change = Literal["new", "changed", "same"]

_d = table(LibraryDocument)
#: Documents that one transaction indexes: on SQLite nobody else writes meanwhile, for a fifth of a second or so.
STEP = 50
#: Documents that are looked up or written at once.
_MANY = 500


def put(conn: Connection, organization_id: int, documents: Sequence[Facts]) -> Counter[Change]:
    """Bring documents of an organization in, or in line with what is said of them; each `ref` once."""
    hold(conn, INDEX.name)
    done = Counter[Change]()
    for some in _parts(documents):
        mine = (_d.c.organization_id == organization_id) & _d.c.ref.in_([one.ref for one in some])
        known = {row.ref: row for row in conn.execute(select(_d).where(mine))}
        new = [one._asdict() | {"indexed": False} for one in some if one.ref not in known]
        if new:
            conn.execute(insert(_d), new)
        done["new"] += len(new)
        done.update(_correct(conn, known[one.ref], one) for one in some if one.ref in known)
    return done


def _correct(conn: Connection, was: Row[Any], now: Facts) -> Change:
    values = {name: value for name, value in now._asdict().items() if getattr(was, name) != value}
    if not values:
        return "same"
    if was.indexed and values.keys() & {"title", "body"}:
        INDEX.remove(conn, _tokens([was]))
        values["indexed"] = False
    conn.execute(update(_d).where(_d.c.id == was.id).values(values))
    return "changed"


def drop(conn: Connection, kind: Kind, subject_ids: Collection[int]) -> None:
    """Take out what was written on the platform and does not belong to the library any more."""
    hold(conn, INDEX.name)
    for some in _parts(list(subject_ids)):
        gone = conn.execute(select(_d).where(_d.c.subject_type == kind, _d.c.subject_id.in_(some))).all()
        INDEX.remove(conn, _tokens(row for row in gone if row.indexed))
        conn.execute(delete(_d).where(_d.c.id.in_([row.id for row in gone])))


def index_waiting(conn: Connection) -> int:
    """Index up to `STEP` documents that wait for it; how many there were."""
    hold(conn, INDEX.name)
    rows = conn.execute(select(_d).where(~_d.c.indexed).order_by(_d.c.id).limit(STEP)).all()
    INDEX.add(conn, _tokens(rows))
    conn.execute(update(_d).where(_d.c.id.in_([row.id for row in rows])).values(indexed=True))
    return len(rows)


def gather(conn: Connection) -> None:
    """Bring everything that was written on the platform in line with the library."""
    for kind in platform.KINDS:
        ids, here = set(conn.scalars(platform.held(kind))), (_d.c.subject_type == kind)
        drop(conn, kind, set(conn.scalars(select(_d.c.subject_id).where(here))) - ids)
        for some in _parts(sorted(ids)):
            _put_all(conn, platform.facts(conn, kind, some))


def _put_all(conn: Connection, documents: Sequence[Facts]) -> None:
    for organization_id in sorted({one.organization_id for one in documents}):
        put(conn, organization_id, [one for one in documents if one.organization_id == organization_id])


def reindex(database: Database, progress: Progress) -> int:
    """Gather what was written on the platform and build the index anew; how many documents there are.

    Search finds less until it is done.
    """
    with database.transaction() as db:
        conn = db.connection()
        gather(conn)
        INDEX.clear(conn)
        conn.execute(update(_d).values(indexed=False))
    return index_all(database, progress)


def index_all(database: Database, progress: Progress) -> int:
    """Index all documents that wait for it, each step in a transaction of its own; how many there were."""
    with database.read.connect() as conn:
        total = conn.scalar(select(func.count()).where(~_d.c.indexed)) or 0
    done = 0
    while True:
        with database.transaction() as db:
            step = index_waiting(db.connection())
        if step == 0:
            return done
        done += step
        progress("建立索引", done, max(done, total))


def index_later(db: Session, key: str) -> None:
    """Have all documents that wait indexed after the commit of `db`."""
    outbox.enqueue(db, "library.waiting", key)


@outbox.handles("library.waiting", lane="batch")
def _index_some(db: Session, _job: dict[str, Any]) -> None:
    if index_waiting(db.connection()) == STEP:
        index_later(db, token_hex(8))


@after("proposal.stepped", "opinion.stepped")
def _stepped(db: Session, _organization_id: int, subject: tuple[str, int], _by: int | None) -> None:
    """Look at it again after the commit, once for each step: the last look sees the last step."""
    kind, subject_id = subject
    outbox.enqueue(db, "library.stepped", token_hex(16), subject_type=kind, subject_id=subject_id)


@outbox.handles("library.stepped", lane="batch")
def _follow_step(db: Session, job: dict[str, Any]) -> None:
    _follow(db, Kind(job["subject_type"]), job["subject_id"])


def _follow(db: Session, kind: Kind, subject_id: int) -> None:
    """Bring one thing that was written on the platform in line with the library."""
    conn = db.connection()
    hold(conn, INDEX.name)  # before it is read: of two jobs the later one sees more
    found = platform.facts(conn, kind, [subject_id])
    if found:
        _put_all(conn, found)
    else:
        drop(conn, kind, [subject_id])
    _index_some(db, {})


def _tokens(rows: "Collection[Row[Any]] | Iterator[Row[Any]]") -> dict[int, list[str]]:
    return {row.id: words.indexed(row.title, row.body) for row in rows}


def _parts(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), _MANY):
        yield things[start : start + _MANY]
