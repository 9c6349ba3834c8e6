"""What a member's role is after its last day: never nothing, for nobody loses what is theirs."""

from datetime import date, timedelta

from sqlalchemy import Date, bindparam, case, column, func, literal, select
from sqlalchemy import table as named

from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import alias, table

_r = table(AccountRole)
# The package `people` stands above this one: its tables are named here, not imported.
_COLUMNS = ("id", "organization_id")
#: The term of a role's seat: to be joined.
term = named("term", *map(column, _COLUMNS), column("starts_on", Date), column("ends_on", Date))
_later = alias(term, "later_term")

#: Of a role that ended with its term, the first day of the next term; of others nothing.
NEXT_TERM = case(
    (
        (_r.c.ends_on < bindparam("tomorrow", type_=Date)) & (_r.c.ends_on == term.c.ends_on),
        func.coalesce(
            select(func.min(_later.c.starts_on))
            .where(_later.c.organization_id == term.c.organization_id, _later.c.starts_on > term.c.ends_on)
            .scalar_subquery(),
            literal(date.max),
        ),
    )
)


def tomorrow() -> date:
    """A day that has passed nowhere: roles that end before it may be over."""
    return clock.now().date() + timedelta(days=1)


def role_after(role: str, next_term: date | None, today: date) -> str | None:
    """The role that follows one which has ended: of a member, that of an outgoing or a former one."""
    if role != Role.MEMBER:
        return None
    return Role.OUTGOING_MEMBER if next_term is not None and today < next_term else Role.FORMER_MEMBER
