"""What somebody can do who owns the database: take the triggers away, then change what he likes. No key is in it."""

from typing import Any

from sqlalchemy import delete, insert, select, text, update

from app.audit.chain import entry_hash
from app.audit.models import AuditEntry, AuditHead
from app.core.sql import table

E, H = table(AuditEntry), table(AuditHead)


def owning(city, *changes) -> None:
    """Run changes (statements, or functions of a connection) where nothing refuses them."""
    with city.database.write.begin() as conn:
        if conn.dialect.name == "sqlite":
            for name in ("audit_entry_no_update", "audit_entry_no_delete", "audit_head_no_delete"):
                conn.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            conn.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
            conn.execute(text("ALTER TABLE audit_head DISABLE TRIGGER USER"))
        for change in changes:
            change(conn) if callable(change) else conn.execute(change)


def _newest(conn) -> Any:
    return conn.execute(select(E.c.hash, E.c.seal).order_by(E.c.id.desc()).limit(1)).one()


def cut_the_tail(conn, *, seal: bool = False) -> None:
    """Delete the last three entries and let the head be the one before, with its seal if that helps."""
    last = conn.scalar(select(E.c.id).order_by(E.c.id.desc()).limit(1))
    conn.execute(delete(E).where(E.c.id > last - 3))
    newest = _newest(conn)
    conn.execute(update(H).values(hash=newest.hash, seal=newest.seal if seal else None))


def cut_with_the_entrys_seal(conn) -> None:
    cut_the_tail(conn, seal=True)


def empty(conn) -> None:
    """Delete every entry and let the head be that of a new log."""
    conn.execute(delete(E))
    conn.execute(update(H).values(hash="", seal=None))


def delete_all(conn) -> None:
    conn.execute(delete(E))
    conn.execute(delete(H))


def edit(conn) -> None:
    conn.execute(update(E).where(E.c.id == 2).values(account_id=99))


def delete_the_head(conn) -> None:
    conn.execute(delete(H))


def _recompute(conn, seal_of) -> None:
    edit(conn)
    previous, rows = "", conn.execute(select(E).order_by(E.c.id)).mappings().all()
    for row in rows:
        new = entry_hash(previous, row)
        seal = seal_of(row["seal"])
        conn.execute(update(E).where(E.c.id == row["id"]).values(previous_hash=previous, hash=new, seal=seal))
        previous = new
    head = conn.scalar(select(H.c.seal))
    conn.execute(update(H).values(hash=previous, seal=seal_of(head)))


def recompute(conn) -> None:
    """Change an entry and compute every hash again."""
    _recompute(conn, lambda seal: seal)


def recompute_with_a_key_of_his_own(conn) -> None:
    _recompute(conn, lambda _seal: "0123456789abcdef:" + "0" * 64)


def recompute_without_seals(conn) -> None:
    """… as if the log came from before there were any."""
    _recompute(conn, lambda _seal: None)


def write_one(conn) -> None:
    """Add an entry whose hash is right."""
    newest = _newest(conn)
    row = dict(conn.execute(select(E).order_by(E.c.id.desc()).limit(1)).mappings().one())
    del row["id"]
    row |= {"previous_hash": newest.hash, "account_id": 7}
    row["hash"] = entry_hash(newest.hash, row)
    conn.execute(insert(E).values(**row))
    conn.execute(update(H).values(hash=row["hash"]))
