"""What stands in the ledger and under the bell of test members."""

from sqlalchemy import select

from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from app.notifications.models import Notification
from tests.factories.city import City, Who


def live_acts(city: City, who: Who) -> list[tuple[str, str, str]]:
    """Kind, role and level of the live records of a seat, oldest first."""
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(r.c.kind, r.c.role, r.c.level)
            .where(r.c.seat_id == who.seat_id, r.c.voided_at.is_(None))
            .order_by(r.c.id)
        )
        return [(row.kind, row.role, row.level) for row in rows]


def void_reasons(city: City, who: Who) -> list[str | None]:
    """Why records of a seat were voided."""
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        voided = select(r.c.void_reason).where(r.c.seat_id == who.seat_id, r.c.voided_at.is_not(None))
        return list(conn.scalars(voided.order_by(r.c.id)))


def news(city: City, who: Who) -> list[str]:
    """Titles of the notifications of an account, oldest first."""
    n = table(Notification)
    with city.database.read.connect() as conn:
        return list(conn.scalars(select(n.c.title).where(n.c.account_id == who.account_id).order_by(n.c.id)))


def differences(city: City) -> list[recount.Difference]:
    """What `lvyi recount` finds."""
    with city.database.transaction() as db:
        return recount.run(db.connection())
