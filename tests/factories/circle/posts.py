"""Updates and replies of test cities, and what the ledger keeps of them."""

from sqlalchemy import func, select

from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from tests.factories.city import City, Who

NEW = {"body": "今天走访了滨江社区的三户老人。", "kind": "visit", "place": "滨江社区"}


def live_records(city: City, who: Who) -> dict[str, int]:
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(r.c.kind, func.count())
            .where(r.c.seat_id == who.seat_id, r.c.voided_at.is_(None))
            .group_by(r.c.kind)
        )
        return {row[0]: row[1] for row in rows}


def say(who: Who, thread_id: int, body: str = "赞成", **more) -> dict:
    answer = who.post(f"/api/v1/threads/{thread_id}/replies", {"body": body, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def differences(city: City) -> list[recount.Difference]:
    with city.database.transaction() as db:
        return recount.run(db.connection())
