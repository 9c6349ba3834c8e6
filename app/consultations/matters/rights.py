"""Who sees a matter, and who does what with it: the office, the convener of its venue, and who brought it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, false, or_, select

from app.activities.models import Attendance
from app.activities.rules import EXPECTED
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.casefiles.steps import last_of
from app.consultations.matters.lifecycle import (
    BEFORE,
    LIFECYCLE,
    NOTED,
    RELEASABLE,
    SPOKEN_FOR,
    TO_MEET,
    UNDOING,
    MatterAction,
    MatterState,
)
from app.consultations.matters.models import Matter, MatterStep
from app.consultations.matters.schemas import MatterVerb
from app.consultations.venues.models import Venue
from app.consultations.venues.queries import convened_by, convenes, posted_at
from app.core.lifecycle import Transition
from app.core.sql import AnyRow, table

_m, _t, _v, _g = table(Matter), table(MatterStep), table(Venue), table(Attendance)
_of_matter = _t.c.matter_id == _m.c.id
#: Columns that say what may be undone, and by whom; beside those of `Matter` and `convener_id` of its venue.
LAST = (
    last_of(_t, _t.c.action, _of_matter).label("last_action"),
    last_of(_t, _t.c.account_id, _of_matter).label("last_by"),
)


def convened(actor: Actor) -> ColumnElement[bool]:
    """Matters of the venues that the actor convenes."""
    return _m.c.venue_id.in_(select(_v.c.id).where(convened_by(actor)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `matter` that the actor may see; what was withdrawn is its author's alone.

    Members see what is met on at the venues where they are posted and in the meetings that expect them.
    """
    own = _m.c.account_id == actor.account_id
    into = _m.alias("came")
    merged = select(into.c.into_id).where(
        into.c.account_id == actor.account_id, into.c.state == MatterState.MERGED
    )
    handed_in = _m.c.state != MatterState.WITHDRAWN
    seen = [own, _m.c.id.in_(merged), handed_in & convened(actor)]
    if actor.may(Permission.MATTER_MANAGE):
        seen.append(handed_in)
    if Role.LEADER in actor.roles:
        seen.append(_m.c.state.not_in(BEFORE))
    if actor.seat_ids:
        invited = select(_g.c.activity_id).where(_g.c.seat_id.in_(actor.seat_ids), _g.c.state.in_(EXPECTED))
        among = _m.c.venue_id.in_(posted_at(actor)) | _m.c.activity_id.in_(invited)
        seen.append(_m.c.state.not_in(BEFORE) & among)
    return (_m.c.organization_id == actor.organization_id) & or_(*seen)


def visible_matters(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.MATTER_READ):
        return set()
    return set(conn.scalars(select(_m.c.id).where(_m.c.id.in_(ids), visible_to(actor))))


# cards are read by all members: what a matter is about is for those who may open it
_titles = subjects.titled(_m.c.id, _m.c.title, where=false())
subjects.register(
    subjects.Subject("matter", "协商议题", visible_matters, "/api/v1/matters/{id}", titles=_titles)
)


def works_on(actor: Actor, convener_id: int | None) -> bool:
    """Whether the actor deals with a matter in office, or convenes its venue."""
    return actor.may(Permission.MATTER_MANAGE) or convenes(actor, convener_id)


def steps_open_to(actor: Actor, row: AnyRow) -> list[Transition[MatterState]]:
    """The steps that the actor may run, undoing the last one at the end."""
    works, own = works_on(actor, row.convener_id), row.account_id == actor.account_id
    speaks = own or (works and row.source in SPOKEN_FOR)
    state, held = MatterState(row.state), set(actor.permissions)
    if works:
        held.add(Permission.MATTER_MANAGE)
    found = [
        step
        for step in LIFECYCLE.open_to(state, held, author=speaks)
        if own or step.action != MatterAction.WITHDRAW
    ]
    undo = UNDOING.get(row.last_action or "")
    by_citizen = row.last_by is None
    if undo and not by_citizen and undo.permission in held and (speaks or not undo.by_author):
        found.append(undo)
    return found


def verbs_open_to(actor: Actor, row: AnyRow) -> list[MatterVerb]:
    """What else the actor may do with it."""
    works = works_on(actor, row.convener_id)
    verbs: dict[MatterVerb, bool] = {
        "note": row.state in NOTED and (works or actor.may(Permission.MATTER_BRING)),
        "link": row.state in TO_MEET and works,
        "release": row.state in RELEASABLE and works,
        "withhold": row.released_at is not None and works,
        "contact": bool(row.name or row.contact) and actor.may(Permission.MATTER_MANAGE),
    }
    return [verb for verb, is_open in verbs.items() if is_open]
