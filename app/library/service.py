"""The only writer of the library: documents come in and go; their words are indexed in small steps, mostly later.

A document is cut into tokens before the transaction that indexes it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlmodel import Session

from app.core import outbox
from app.core.db import Database, reads
from app.core.excel.report import Progress
from app.core.jobs.short_transactions import parts, write
from app.core.sql import advisory_lock, table
from app.duty.domain_events import on
from app.library import native_documents, tokenizer
from app.library.facts import DocumentFacts
from app.library.models import INDEX, LibraryDocument
from app.library.rules import DocumentKind

Change = Literal["new", "changed", "same"]

_d = table(LibraryDocument)
#: Documents that one transaction gathers or indexes.
STEP = 10
#: Documents that are looked up or written at once.
_MANY = 500


def put_some(database: Database, organization_id: int, documents: Sequence[DocumentFacts]) -> Counter[Change]:
    """As `put`, in one short transaction."""
    return write(database, lambda db: put(db.connection(), organization_id, documents))


def put(conn: Connection, organization_id: int, documents: Sequence[DocumentFacts]) -> Counter[Change]:
    """Bring documents of an organization in, or in line with what is said of them; each `ref` once."""
    advisory_lock(conn, INDEX.name)
    done = Counter[Change]()
    for some in parts(documents, _MANY):
        mine = (_d.c.organization_id == organization_id) & _d.c.ref.in_([one.ref for one in some])
        known = {row.ref: row for row in conn.execute(select(_d).where(mine))}
        new = [one._asdict() | {"indexed": False} for one in some if one.ref not in known]
        if new:
            conn.execute(insert(_d), new)
        done["new"] += len(new)
        done.update(_correct(conn, known[one.ref], one) for one in some if one.ref in known)
    return done


def _correct(conn: Connection, was: Row[Any], now: DocumentFacts) -> Change:
    values = {name: value for name, value in now._asdict().items() if getattr(was, name) != value}
    if not values:
        return "same"
    if was.indexed and values.keys() & {"title", "body"}:
        INDEX.remove(conn, _tokens([was]))
        values["indexed"] = False
    conn.execute(update(_d).where(_d.c.id == was.id).values(values))
    return "changed"


def drop(conn: Connection, kind: DocumentKind, subject_ids: Collection[int]) -> None:
    """Take out what was written on the platform and does not belong to the library any more."""
    advisory_lock(conn, INDEX.name)
    for some in parts(list(subject_ids), _MANY):
        gone = conn.execute(select(_d).where(_d.c.subject_type == kind, _d.c.subject_id.in_(some))).all()
        INDEX.remove(conn, _tokens(row for row in gone if row.indexed))
        conn.execute(delete(_d).where(_d.c.id.in_([row.id for row in gone])))


def _bring(conn: Connection, kind: DocumentKind, subject_ids: Collection[int]) -> None:
    """Bring some things that were written on the platform in line with the library."""
    advisory_lock(conn, INDEX.name)  # before they are read: of two jobs the later one sees more
    found = native_documents.facts(conn, kind, subject_ids)
    for organization_id in sorted({one.organization_id for one in found}):
        put(conn, organization_id, [one for one in found if one.organization_id == organization_id])
    if gone := set(subject_ids) - {one.subject_id for one in found if one.subject_id}:
        drop(conn, kind, gone)


def _to_bring(conn: Connection) -> list[tuple[DocumentKind, Sequence[int]]]:
    """All that was written on the platform or is in the library as such, some at a time."""
    found: list[tuple[DocumentKind, Sequence[int]]] = []
    for kind in native_documents.KINDS:
        here = select(_d.c.subject_id).where(_d.c.subject_type == kind)
        ids = sorted({*conn.scalars(native_documents.held(kind)), *conn.scalars(here)})
        found += [(kind, some) for some in parts(ids, STEP)]
    return found


def gather(conn: Connection) -> None:
    """Bring everything that was written on the platform in line with the library."""
    for kind, some in _to_bring(conn):
        _bring(conn, kind, some)


def reindex(database: Database, progress: Progress) -> int:
    """Gather what was written on the platform and build the index again; how many documents there are.

    Search finds less until it is done. Whoever is killed runs it again.
    """
    with database.read.connect() as conn:
        some_of_all = _to_bring(conn)
    for done, (kind, some) in enumerate(some_of_all, 1):
        write(database, lambda db, kind=kind, some=some: _bring(db.connection(), kind, some))  # type: ignore[misc]
        progress("收集", done, len(some_of_all))
    write(database, lambda db: _clear(db.connection()))
    return index_all(database, progress)


def _clear(conn: Connection) -> None:
    """Empty the index: in one transaction, because nothing may be taken for indexed that is not."""
    advisory_lock(conn, INDEX.name)
    INDEX.clear(conn)
    conn.execute(update(_d).where(_d.c.indexed).values(indexed=False))


def _waiting(conn: Connection) -> dict[int, tuple[Row[Any], list[str]]]:
    """Up to `STEP` documents that wait to be indexed, by id, with their tokens."""
    rows = conn.execute(select(_d).where(~_d.c.indexed).order_by(_d.c.id).limit(STEP)).all()
    return {row.id: (row, tokenizer.indexed(row.title, row.body)) for row in rows}


def _index(conn: Connection, waiting: Mapping[int, tuple[Row[Any], list[str]]]) -> None:
    """Index documents, but for those that somebody else has indexed or corrected since."""
    advisory_lock(conn, INDEX.name)
    columns = (_d.c.id, _d.c.title, _d.c.body)
    now = conn.execute(select(*columns).where(~_d.c.indexed, _d.c.id.in_(waiting))).all()
    same = [
        row.id for row in now if (row.title, row.body) == (waiting[row.id][0].title, waiting[row.id][0].body)
    ]
    INDEX.add(conn, {document_id: waiting[document_id][1] for document_id in same})
    conn.execute(update(_d).where(_d.c.id.in_(same)).values(indexed=True))


def index_all(database: Database, progress: Progress) -> int:
    """Index all documents that wait for it, each step in a transaction of its own; how many there were."""
    with database.read.connect() as conn:
        total = conn.scalar(select(func.count()).where(~_d.c.indexed)) or 0
    done = 0
    while True:
        with database.read.connect() as conn:
            waiting = _waiting(conn)
        if not waiting:
            return done
        write(database, lambda db, waiting=waiting: _index(db.connection(), waiting))  # type: ignore[misc]
        done += len(waiting)
        progress("建立索引", done, max(done, total))


def index_later(db: Session, key: str) -> None:
    """Have all documents that wait indexed after the commit of `db`."""
    outbox.enqueue(db, "library.waiting", key)


@outbox.handles("library.waiting", lane="batch")
def _index_some(db: Session, _job: dict[str, Any]) -> None:
    with reads(db).connect() as conn:
        waiting = _waiting(conn)
    if waiting:
        _index(db.connection(), waiting)
    if len(waiting) == STEP:
        index_later(db, token_hex(8))


@on("proposal.stepped", "opinion.stepped")
def _stepped(db: Session, _organization_id: int, subject: tuple[str, int], _by: int | None) -> None:
    """Look at it again after the commit, once for each step: the last look sees the last step."""
    kind, subject_id = subject
    outbox.enqueue(db, "library.stepped", token_hex(16), subject_type=kind, subject_id=subject_id)


@outbox.handles("library.stepped", lane="batch")
def _follow_step(db: Session, job: dict[str, Any]) -> None:
    _bring(db.connection(), DocumentKind(job["subject_type"]), [job["subject_id"]])
    index_later(db, token_hex(8))


def _tokens(rows: "Collection[Row[Any]] | Iterator[Row[Any]]") -> dict[int, list[str]]:
    return {row.id: tokenizer.indexed(row.title, row.body) for row in rows}
