"""Lists of the administrators as Excel: accounts, the audit log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.audit import queries as audit
from app.audit.schemas import Filters
from app.auth.accounts import queries as accounts
from app.auth.accounts.schemas import AccountFilters
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.web.downloads import gives
from app.exports.lists import administration, tables
from app.exports.service import sheet

Administrator = Annotated[Actor, Depends(allow(Permission.ACCOUNT_READ))]
Auditing = Annotated[Actor, Depends(allow(Permission.AUDIT_READ))]

router = APIRouter(
    prefix="/api/v1/exports",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 422) | gives("xlsx"),
)


@router.get("/accounts.xlsx", operation_id="exports_list_accounts")
def list_accounts(
    actor: Administrator, reads: Reads, db: Db, filters: Annotated[AccountFilters, Query()]
) -> Response:
    """The list of accounts as Excel, with its filters; phones are masked as there."""
    return sheet(
        reads,
        db,
        actor,
        administration.ACCOUNTS,
        lambda conn, cursor: administration.named_roles(
            accounts.page_of_accounts(conn, actor, filters, cursor, tables.AT_ONCE)
        ),
    )


@router.get("/audit.xlsx", operation_id="exports_list_audit")
def list_audit(actor: Auditing, reads: Reads, db: Db, filters: Annotated[Filters, Query()]) -> Response:
    """The audit log as Excel, with its filters, up to 50,000 entries; the export is in the log too."""
    return sheet(
        reads,
        db,
        actor,
        administration.AUDIT,
        lambda conn, cursor: administration.written_details(
            audit.page_of_entries(
                conn, actor, filters.model_copy(update={"cursor": cursor, "limit": tables.AT_ONCE})
            )
        ),
    )
