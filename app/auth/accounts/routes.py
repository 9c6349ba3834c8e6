"""Accounts: opened and closed by the system administrator, given roles by the security administrator."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from app.auth.accounts import access, queries, service
from app.auth.accounts.schemas import (
    AccountIn,
    AccountOut,
    AccountQuery,
    DisabledIn,
    OneTimePasswordOut,
    RoleIn,
    SlipsIn,
    SlipsOut,
)
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission, Role
from app.auth.schemas import SessionsOut
from app.core.db import Data, Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, Page, json_response

Administrator = Annotated[Actor, Depends(allow(Permission.ACCOUNT_READ))]
SystemAdmin = Annotated[Actor, Depends(allow(Permission.ACCOUNT_MANAGE))]
SecurityAdmin = Annotated[Actor, Depends(allow(Permission.ROLE_GRANT))]
NamedRole = Annotated[Role, Path(description="The role that is taken away.")]
OfOffice = Annotated[
    int | None,
    Query(ge=1, le=2**63 - 1, description="Only the work in this office; otherwise the whole role."),
]

router = APIRouter(prefix="/api/v1/accounts", tags=["账号"], responses=problems(401, 403, 422))


@router.get("", operation_id="accounts_list", response_model=Page[AccountOut])
def list_accounts(
    actor: Administrator, reads: Reads, db: Db, asked: Annotated[AccountQuery, Query()]
) -> Response:
    """Accounts of my organization, newest first; the audit log says who read how many."""
    with reads.connect() as conn:
        accounts = queries.page_of_accounts(conn, actor, asked, asked.cursor, asked.limit)
    service.tell_read(db, actor, accounts["items"])
    return json_response(accounts)


@router.get("/{account_id}", operation_id="accounts_get", response_model=AccountOut, responses=problems(404))
def get_account(account_id: Id64, actor: Administrator, reads: Reads, db: Db) -> Response:
    """One account of my organization; the audit log says who read it."""
    with reads.connect() as conn:
        accounts = queries.one_account(conn, actor, account_id)
    service.tell_read(db, actor, [accounts])
    return json_response(accounts)


# No `Idempotency-Key` where a password is answered: it would be kept. A retry is 409, a reset gives a new password.
@router.post("", operation_id="accounts_create", status_code=201, responses=problems(409))
def create_account(body: AccountIn, actor: SystemAdmin, db: Db) -> OneTimePasswordOut:
    """Open an account; the answer holds its one-time password, once."""
    return service.open_account(db, actor, body)


@router.put(
    "/{account_id}/disabled", operation_id="accounts_disable", status_code=204, responses=problems(404, 409)
)
def set_disabled(account_id: Id64, body: DisabledIn, actor: SystemAdmin, db: Db) -> None:
    """Close an account, which ends its sessions, or reopen it."""
    service.set_disabled(db, account_id, disabled=body.disabled, by=actor)


@router.post(
    "/{account_id}/password-reset", operation_id="accounts_reset_password", responses=problems(404, 409)
)
def reset_password(account_id: Id64, actor: SystemAdmin, db: Db) -> OneTimePasswordOut:
    """Give an account a one-time password; its sessions end."""
    password = service.reset_password(db, account_id, by=actor)
    return OneTimePasswordOut(account_id=account_id, one_time_password=password)


@router.post(
    "/{account_id}/roles",
    operation_id="accounts_grant_role",
    response_model=AccountOut,
    responses=problems(404, 409),
)
def grant_role(account_id: Id64, body: RoleIn, actor: SecurityAdmin, db: Db) -> Response:
    """Grant a role in my organization, to staff with the office they work in; the account's sessions end."""
    service.grant_role_here(db, actor, account_id, body)
    return json_response(queries.one_account(db.connection(), actor, account_id))


@router.delete(
    "/{account_id}/roles/{role}",
    operation_id="accounts_revoke_role",
    status_code=204,
    responses=problems(404),
)
def revoke_role(
    account_id: Id64, role: NamedRole, actor: SecurityAdmin, db: Db, office_id: OfOffice = None
) -> None:
    """Take a role in my organization away, or the work in one office; the account's sessions end."""
    service.revoke_role(db, account_id, actor.organization_id, role, office_id, by=actor)


@router.delete(
    "/{account_id}/second-factor",
    operation_id="accounts_remove_second_factor",
    status_code=204,
    responses=problems(404, 409),
)
def remove_second_factor(account_id: Id64, actor: SecurityAdmin, db: Db) -> None:
    """Remove the second factor of somebody who lost it; the account's sessions end."""
    service.remove_second_factor(db, account_id, by=actor)


@router.post("/first-passwords", operation_id="accounts_issue_first_passwords")
def issue_first_passwords(body: SlipsIn, actor: SystemAdmin, database: Data) -> SlipsOut:
    """One-time passwords for accounts that have none yet, twenty at a time; the answer holds them, once."""
    return access.first_passwords(database, actor, body)


@router.get(
    "/{account_id}/sessions",
    operation_id="accounts_list_sessions",
    response_model=SessionsOut,
    responses=problems(404),
)
def list_sessions(account_id: Id64, actor: Administrator, db: Db) -> Response:
    """The live sessions of an account, newest first; the audit log says who read them."""
    return json_response({"items": access.sessions_read(db, actor, account_id)})


@router.delete(
    "/{account_id}/sessions/{session_id}",
    operation_id="accounts_end_session",
    status_code=204,
    responses=problems(404),
)
def end_session(account_id: Id64, session_id: Id64, actor: SystemAdmin, db: Db) -> None:
    """End a session of somebody else's at once; they are told."""
    access.end_session(db, actor, account_id, session_id)


@router.delete(
    "/{account_id}/lock", operation_id="accounts_unlock", status_code=204, responses=problems(404, 409)
)
def unlock_account(account_id: Id64, actor: SystemAdmin, db: Db) -> None:
    """Let an account that is locked after wrong passwords try again at once."""
    access.unlock(db, actor, account_id)
