"""The verb of an organization's settings for its proposals."""

from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.people.service import change_settings
from app.proposals.queries_rules import KEY, settings_of
from app.proposals.schemas_rules import ProposalRules


def set_rules(db: Session, actor: Actor, wanted: ProposalRules) -> ProposalRules:
    """Keep them with the organization; deadlines that run already stay as they are."""
    change_settings(db, actor.organization_id, KEY, wanted.model_dump(mode="json"))
    audit(db, actor, "proposal.set_rules", ("organization", actor.organization_id))
    return settings_of(db.connection(), actor.organization_id)
