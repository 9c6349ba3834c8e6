"""What `lvyi recount` proves of ends: behind the end of a subject nothing is asked of anybody any more."""

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, select

from app.auth import subjects
from app.duty import recount
from app.duty.recount import Difference, RecountCheck
from app.notifications.queries import asking

_NAME = "已结束而未了的事项"
#: By type of subject: selects the id of a subject that has ended, and the name of what is open behind its end.
_open: list[tuple[str, Select[tuple[int, str]]]] = []


def register(
    subject_type: str, of: FromClause, ended: ColumnElement[bool], *further: Select[tuple[int, str]]
) -> None:
    """Let it be proved that no notice asks for anything about rows of `of` that have `ended`, and `further` is empty.

    `further` selects the id of the subject and the name of what is open.
    """
    notices = asking(subject_type).subquery()
    asked = select(of.c.id, literal("待办通知")).join(notices, notices.c.subject_id == of.c.id).where(ended)
    _open.extend((subject_type, rows) for rows in (asked, *further))


def loose_ends(conn: Connection) -> list[Difference]:
    """What is open behind an end, in every domain."""
    found: list[Difference] = []
    for subject_type, rows in _open:
        subject_id, what = rows.subquery().c
        counted = select(subject_id, what, func.count()).group_by(subject_id, what).order_by(subject_id)
        found += [
            Difference(_NAME, f"{subjects.label(subject_type)} {one[0]} {one[1]}", one[2], 0)
            for one in conn.execute(counted)
        ]
    return found


recount.register(RecountCheck(_NAME, loose_ends))
