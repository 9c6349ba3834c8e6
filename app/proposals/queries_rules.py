"""Reads of what an organization has set for its proposals."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.core.prepared import Prepared
from app.core.sql import table
from app.people.models import Organization
from app.proposals.schemas_rules import ProposalRules

KEY = "proposals"
_o = table(Organization)
_SETTINGS = Prepared(select(_o.c.settings).where(_o.c.id == bindparam("organization_id")))


def settings_of(conn: Connection, organization_id: int) -> ProposalRules:
    """The organization's own settings, the defaults where it has none."""
    held: dict[str, Any] = _SETTINGS.scalar(conn, organization_id=organization_id) or {}
    return ProposalRules.model_validate(held.get(KEY, {}))
