"""Which speeches an actor may see."""

from sqlalchemy import ColumnElement, or_, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.sql import table
from app.people.bodies import queries as bodies
from app.speeches.calls.lifecycle import CallState
from app.speeches.lifecycle import CHOSEN, SpeechState
from app.speeches.models import Speech, SpeechCall

_s, _c = table(Speech), table(SpeechCall)


def published() -> ColumnElement[bool]:
    """The chosen speeches of calls whose results all members know."""
    results = select(_c.c.id).where(_c.c.state == CallState.PUBLISHED)
    return _s.c.state.in_(CHOSEN) & _s.c.call_id.in_(results)


def own_of(actor: Actor) -> ColumnElement[bool]:
    """The speeches that the actor handed in, and those of bodies that the actor speaks for."""
    return (_s.c.account_id == actor.account_id) | bodies.acts_for(actor, _s.c.body_id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `speech` that the actor may see: chosen ones are everybody's once the results are published."""
    seen = [own_of(actor), published()]
    if actor.may(Permission.SPEECH_MANAGE):
        seen.append(_s.c.state != SpeechState.WITHDRAWN)
    return (_s.c.organization_id == actor.organization_id) & or_(*seen)
