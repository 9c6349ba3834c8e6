"""What the audit log shows."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.audit.proof import AuditFault
from app.core.language.text import Input, Moment

OfId = Annotated[int | None, Field(ge=1, le=2**63 - 1)]
Word = Annotated[str | None, Field(max_length=60, pattern=r"^[a-z0-9_.]+$")]


class Filters(Input):
    """What an auditor asks for: every filter that is given must hold."""

    account_id: OfId = Field(default=None, description="Who did it.")
    action: Word = Field(default=None, description="`noun.verb`.", examples=["login.failed"])
    subject_type: Word = Field(default=None, description="Kind of what it was done to.")
    subject_id: OfId = Field(default=None, description="Id of what it was done to.")
    result: Word = Field(default=None, description="`ok`, `failed`, `locked` or `denied`.")
    since: Moment | None = Field(default=None, description="RFC 3339 with a zone; included.")
    until: Moment | None = Field(default=None, description="RFC 3339 with a zone; not included.")
    limit: int = Field(default=20, ge=1, le=100, description="Rows on a page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next` of the page before.")


class AuditOut(BaseModel):
    """One entry: when, who, what, from where, with what result."""

    id: int
    at: datetime
    account_id: int | None = Field(description="Who; null when nobody was logged in.")
    account_name: str | None = Field(examples=["沈文"])
    organization_id: int | None
    action: str = Field(description="`noun.verb`", examples=["role.granted"])
    subject_type: str | None = Field(description="On what.", examples=["account"])
    subject_id: int | None
    address: str = Field(description="Client address.", examples=["192.0.2.7"])
    result: str = Field(description="`ok`, `failed`, `locked` or `denied`.", examples=["ok"])
    detail: dict[str, Any] = Field(examples=[{"role": "auditor"}])
    previous_hash: str
    hash: str = Field(description="SHA-256 over `previous_hash` and the canonical JSON of the entry.")
    seal: str | None = Field(
        description="Key and HMAC of `hash`; null for entries from before there were seals."
    )


class ProofOut(BaseModel):
    """How far the hash chain was proven."""

    checked: int = Field(description="Entries whose hashes were computed again.")
    broken: int | None = Field(description="The first entry that is not what was written; null when all are.")
    fault: AuditFault | None = Field(description="What is wrong with it.")
    fault_label: str | None = Field(description="The same in Chinese.", examples=["末尾的记录被删除"])
    next: int | None = Field(description="Pass it as `after` to go on; null at the end of the log.")
