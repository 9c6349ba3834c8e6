"""Entries of the audit log, written and read."""

from sqlalchemy import select

from app.audit import proof
from app.audit.models import AuditEntry, AuditHead
from app.audit.service import log
from app.core.sql import table

E, H = table(AuditEntry), table(AuditHead)


def write(city, *actions, **more):
    for action in actions:
        with city.database.transaction() as db:
            log(db, None, action, **more)


def entries(city, *columns):
    with city.database.read.connect() as conn:
        return [tuple(r) for r in conn.execute(select(*columns or [E]).order_by(E.c.id))]


def broken(city):
    with city.database.read.connect() as conn:
        return proof.verify_chain(conn)
