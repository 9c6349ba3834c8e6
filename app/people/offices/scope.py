"""How far a committee's office reaches: what belongs to its committee, and nothing else.

A domain whose things have a host committee asks here, in one place each: `require` before a verb, `reach` before it
says what a reader may do.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.errors import Forbidden, Invalid
from app.core.sql import table
from app.people.models import Committee, Term

_c, _t = table(Committee), table(Term)


@dataclass(frozen=True)
class Reach:
    """An actor, and the committees for which alone it holds the `limited` of its permissions."""

    actor: Actor
    committees: frozenset[int]

    def toward(self, committee_id: int | None) -> Actor:
        """The actor as it stands toward something of a committee, or (None) of the whole organization."""
        return self.actor if committee_id in self.committees else self.actor.outside()


def own_committees(actor: Actor) -> Select[int]:
    """Ids of the committees of the actor's offices; a committee is the same in every term, by its name."""
    names = select(_c.c.name).where(_c.c.id.in_(actor.committees))
    here = select(_c.c.id).join(_t, _t.c.id == _c.c.term_id).where(_c.c.name.in_(names))
    return here.where(_t.c.organization_id == actor.organization_id)


def reach(conn: Connection, actor: Actor) -> Reach:
    """How far an actor reaches; nothing is asked of the database for those who act for no committee alone."""
    own = conn.scalars(own_committees(actor)) if actor.limited else ()
    return Reach(actor, frozenset(own))


def require(conn: Connection, actor: Actor, permission: Permission, committee_id: int | None) -> None:
    """`Forbidden` unless the actor holds a permission for what is of a committee, or of the whole organization."""
    if not reach(conn, actor).toward(committee_id).may(permission):
        raise Forbidden("这不是本专委会的事项，请由负责的科室办理。", code="other_committee")


def host(conn: Connection, actor: Actor, permission: Permission, committee_id: int | None) -> int | None:
    """The committee that is host of something: the one that is named, else the one for which alone the actor acts.

    `Invalid` for a committee of others or where one must be named, `Forbidden` where the actor may not act for it.
    """
    if committee_id is None and permission in actor.limited:
        if len(actor.committees) > 1:
            raise Invalid("请写明主办的专委会。", code="committee_required")
        (committee_id,) = actor.committees
    own = select(_c.c.id).join(_t, _t.c.id == _c.c.term_id)
    own = own.where(_c.c.id == committee_id, _t.c.organization_id == actor.organization_id)
    if committee_id is not None and conn.scalar(own) is None:
        raise Invalid("主办的专委会不存在。", code="unknown_group")
    require(conn, actor, permission, committee_id)
    return committee_id
