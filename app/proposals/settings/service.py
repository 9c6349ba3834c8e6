"""The verb of an organization's settings for its proposals."""

from sqlmodel import Session

from app.auth.actor import Actor
from app.people.organizations.service import change_settings
from app.proposals.settings.schemas import ProposalRules


def set_rules(db: Session, actor: Actor, rules: ProposalRules) -> ProposalRules:
    """Keep them with the organization; deadlines that run already stay as they are."""
    before = ProposalRules.of(db.connection(), actor.organization_id).model_dump(mode="json")
    different = {key: value for key, value in rules.model_dump(mode="json").items() if value != before[key]}
    change_settings(db, actor.organization_id, ProposalRules, different, by=actor)
    return ProposalRules.of(db.connection(), actor.organization_id)
