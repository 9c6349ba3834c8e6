"""What `lvyi recount` proves of ends: behind the end of a subject nothing is asked of anybody any more."""

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, select

from app.auth import subjects
from app.duty import recount
from app.duty.recount import Check, Difference
from app.notifications.queries import asking

NAME = "已结束而未了的事项"


def register(
    subject_type: str, of: FromClause, ended: ColumnElement[bool], *further: Select[tuple[int, str]]
) -> None:
    """Prove that no notice asks for anything about the rows of `of` where `ended` holds, and that `further` is empty.

    `further` selects the id of the subject and the name of what is open.
    """
    notices = asking(subject_type).subquery()
    asked = select(of.c.id, literal("待办通知")).join(notices, notices.c.subject_id == of.c.id).where(ended)

    def find(conn: Connection) -> list[Difference]:
        label = subjects.label(subject_type)
        found: list[Difference] = []
        for rows in (asked, *further):
            subject_id, what = rows.subquery().c
            counted = select(subject_id, what, func.count()).group_by(subject_id, what).order_by(subject_id)
            found += [
                Difference(NAME, f"{label} {one[0]} {one[1]}", one[2], 0) for one in conn.execute(counted)
            ]
        return found

    recount.register(Check(NAME, find))
