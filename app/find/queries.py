"""The finders of all domains, in the order of the palette."""

from collections.abc import Callable

from sqlalchemy import Connection

from app.activities import finder as activities
from app.auth.actor import Actor
from app.cases import finder as cases
from app.consultations.matters import finder as matters
from app.consultations.venues import finder as venues
from app.core.finding import Hit
from app.deliberation import finder as deliberation
from app.findings import finder as findings
from app.opinions.lists import finder as opinions
from app.outputs import finder as outputs
from app.people import finder as people
from app.projects import finder as projects
from app.proposals.lists import finder as proposals
from app.speeches import finder as speeches

FINDERS: tuple[Callable[[Connection, Actor, str], list[Hit]], ...] = (
    proposals.find,
    people.find_members,
    deliberation.find,
    opinions.find,
    findings.find,
    outputs.find,
    cases.find,
    speeches.find,
    projects.find,
    matters.find,
    activities.find,
    venues.find,
    people.find_units,
)


def find(conn: Connection, actor: Actor, text: str) -> list[dict[str, str]]:
    """What the actor may see of every kind, in one statement each at most."""
    words = " ".join(text.split())
    return [hit._asdict() for finder in FINDERS for hit in finder(conn, actor, words)] if words else []
