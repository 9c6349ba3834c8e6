"""Reads of what an organization has set for its proposals."""

from typing import Any

from sqlalchemy import Connection, select

from app.core.sql import table
from app.people.models import Organization
from app.proposals.schemas_rules import ProposalRules

KEY = "proposals"
_o = table(Organization)


def settings_of(conn: Connection, organization_id: int) -> ProposalRules:
    """The organization's own settings, the defaults where it has none."""
    held: dict[str, Any] = conn.scalar(select(_o.c.settings).where(_o.c.id == organization_id)) or {}
    return ProposalRules.model_validate(held.get(KEY, {}))
