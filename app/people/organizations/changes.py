"""How often this process has changed the duty years of organizations: what is kept of them is then read again."""

from collections import Counter

from sqlmodel import Session

from app.core.db import hooks

#: The job that refiles all records of an organization; `duty` does it.
REFILE = "organization.refile"

_changes: Counter[int] = Counter()


def of(organization_id: int) -> int:
    """The number of changes so far."""
    return _changes[organization_id]


def note(db: Session, organization_id: int) -> None:
    """Count a change once it is committed."""
    hooks(db).after.append(lambda: _changes.update([organization_id]))
