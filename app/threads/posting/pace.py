"""How fast members may post: ten times as fast as the fastest member of an honest city, and more.

In five years of the demo city nobody posts more than one update, three replies or two supports in ten minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select

from app.core.errors import TooMany

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Pace:
    """At most so many rows of a seat in ten minutes; `verb` is what is done, as 发布动态."""

    most: int
    verb: str

    def posted(self, of: Table) -> ColumnElement[int]:
        """How many a seat has posted lately, before one that is being added; `since` gives the parameters."""
        row = of.alias()
        return (
            select(func.count())
            .select_from(row)
            .where(
                row.c.seat_id == bindparam("seat_id"),
                row.c.created_at > bindparam("paced_from"),
                row.c.created_at < bindparam("created_at"),
            )
            .scalar_subquery()
        )

    def since(self, now: datetime) -> dict[str, Any]:
        """The parameters of `posted`, beside `seat_id` and `created_at`."""
        return {"paced_from": now - WINDOW}

    def check(self, conn: Connection, of: Table, seat_id: int, posted: int, now: datetime) -> None:
        """`TooMany` when a seat had posted as many as it may before what is being added."""
        if posted < self.most:
            return
        oldest = conn.scalar(
            select(of.c.created_at)
            .where(of.c.seat_id == seat_id, of.c.created_at > now - WINDOW, of.c.created_at <= now)
            .order_by(of.c.created_at)
            .limit(1)
        )
        wait = max(int(((oldest or now) + WINDOW - now).total_seconds()) + 1, 1)
        minutes = -(-wait // 60)
        raise TooMany(
            f"您在十分钟内已经{self.verb}{posted}次，请约{minutes}分钟后再试。",
            code="too_fast",
            retry_after=wait,
        )

    def spend(self, conn: Connection, of: Table, seat_id: int, now: datetime) -> None:
        """`TooMany` when a seat has posted as many as it may."""
        posted = conn.scalar(
            select(func.count())
            .select_from(of)
            .where(of.c.seat_id == seat_id, of.c.created_at > now - WINDOW)
        )
        self.check(conn, of, seat_id, posted or 0, now)


UPDATES = Pace(10, "发布动态")
REPLIES = Pace(30, "发表意见或回复")
SUPPORTS = Pace(100, "赞同")
