"""Acts on an account are told to the organizations that they concern."""

from typing import Any

from sqlmodel import Session

from app.auth import queries, watch
from app.auth.actor import Actor


def tell(
    db: Session,
    action: str,
    account_id: int,
    by: Actor | None,
    organization_id: int | None = None,
    **detail: Any,
) -> None:
    """In the log of the organization that acts, and of the one that opened the account."""
    home = queries.account(db.connection(), account_id).organization_id
    acting = by.organization_id if by else organization_id or home
    _tell_in(db, {acting, home}, acting, action, account_id, by, **detail)


def tell_everywhere(db: Session, action: str, account_id: int, by: Actor | None, **detail: Any) -> None:
    """What opens or closes an account concerns every organization in which it holds a role."""
    conn = db.connection()
    home = queries.account(conn, account_id).organization_id
    acting = by.organization_id if by else home
    concerned = {acting, home} | queries.organizations_of(conn, account_id)
    _tell_in(db, concerned, acting, action, account_id, by, **detail)


def _tell_in(
    db: Session, where: set[int], acting: int, action: str, account_id: int, by: Actor | None, **detail: Any
) -> None:
    """Others than the organization that acts learn which one it was, not who there and from which address."""
    for organization_id in sorted(where):
        own = organization_id == acting
        watch.tell(
            db,
            action,
            account_id=by.account_id if by and own else None,
            organization_id=organization_id,
            address=by.address if by and own else "",
            subject=("account", account_id),
            **detail if own else detail | {"by_organization": acting},
        )
