"""What `lvyi recount` proves of the library."""

from sqlalchemy import Connection, func, select

from app.core.language.fulltext import ALL
from app.core.sql import table
from app.duty import recount
from app.duty.recount import Difference, RecountCheck
from app.library.models import INDEX, LibraryDocument


def _indexed(conn: Connection) -> list[Difference]:
    """How many documents the index counts, against those that say that they are in it; `lvyi reindex` mends it."""
    d = table(LibraryDocument)
    stored = INDEX.documents(conn, [ALL]).get(ALL, 0)
    counted = conn.scalar(select(func.count()).select_from(d).where(d.c.indexed)) or 0
    return [] if stored == counted else [Difference("资料库索引", INDEX.name, stored, counted)]


recount.register(RecountCheck("资料库索引", _indexed))
