"""Tables of proposals: the text with its versions, those who sign, and every step of the track."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


def _ids() -> Column[Any]:
    """A column of ids, empty where nothing was chosen."""
    return Column(Json, nullable=False, server_default="[]")


class ProposalWindow(SQLModel, table=True):
    """A period in which proposals may be submitted, with the counter of its official numbers."""

    __tablename__ = "proposal_window"
    __table_args__ = (Index("ix_proposal_window_organization", "organization_id", "closes_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    name: str = Field(max_length=60)
    opens_at: datetime = Field(sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)
    last_number: int = 0


class Proposal(SQLModel, table=True):
    """A proposal: 案由 (title), 情况分析 (situation), 具体建议 (suggestions).

    `kind` is individual, joint or collective; `number` is official and given when it is filed. `version` moves
    with every edit of the text and guards it (`If-Match`); staff see versions from `submitted_version` on.
    `signers_told_on` is the local day on which co-signers last heard of an edit: once a day is enough. `round`
    counts how often units have set about handling it; `supervisor_id` is the leader who looks after a key proposal,
    in `supervised_month` (its first day) if in any. `body_id` puts a collective one forward, whose head confirms it.
    `period` says whether it came during the plenary or between sessions. Of one that staff entered from paper,
    `entered_by` is who typed it, `handed_in_by` and `handed_in_on` who brought it and when.
    """

    __table_args__ = (
        UniqueConstraint("window_id", "number"),
        Index("ix_proposal_organization", "organization_id", "state", "id"),
        Index("ix_proposal_filed", "organization_id", "filed_at", "id"),
        Index("ix_proposal_account", "account_id", "id"),
        Index("ix_proposal_seat", "seat_id", "filed_at", "id"),
        Index("ix_proposal_body", "body_id", "id"),
        Index(
            "ix_proposal_title", "organization_id", "id", "title"
        ),  # words of titles, without reading the texts
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    window_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal_window.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    kind: str = Field(default="individual", max_length=12)
    body_id: int | None = Field(default=None, sa_type=Id, foreign_key="body.id")
    category: str | None = Field(default=None, max_length=40)
    title: str = Field(default="", max_length=120)
    situation: str = Field(default="", sa_column=Column(Text, nullable=False))
    suggestions: str = Field(default="", sa_column=Column(Text, nullable=False))
    publish_consent: bool | None = None
    publish_reason: str | None = Field(default=None, max_length=200)
    suggested_unit_ids: list[int] = Field(default_factory=list, sa_column=_ids())
    research: str | None = Field(default=None, max_length=500)
    activity_ids: list[int] = Field(default_factory=list, sa_column=_ids())
    period: str | None = Field(default=None, max_length=12)
    entered_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    handed_in_by: str | None = Field(default=None, max_length=50)
    handed_in_on: date | None = None
    version: int = 1
    submitted_version: int | None = None
    signers_told_on: date | None = None
    state: str = Field(default="draft", max_length=24)
    number: int | None = None
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    edited_on: str | None = Field(default=None, max_length=200)
    submitted_at: datetime | None = Field(default=None, sa_type=Utc)
    filed_at: datetime | None = Field(default=None, sa_type=Utc)
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
    decline_code: str | None = Field(default=None, max_length=30)
    merged_into_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal.id")
    is_key: bool = False
    is_commended: bool = False
    round: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    result_class: str | None = Field(default=None, max_length=20)
    replied_at: datetime | None = Field(default=None, sa_type=Utc)
    supervisor_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    supervised_month: date | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)


class ProposalVersion(SQLModel, table=True):
    """The text of a proposal as it was saved at one version: nothing typed is ever lost.

    `form` is all that was sent beside the three parts of the text; null in versions of before it was kept.
    """

    __tablename__ = "proposal_version"

    proposal_id: int = Field(primary_key=True, sa_type=Id, foreign_key="proposal.id")
    version: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    situation: str = Field(sa_column=Column(Text, nullable=False))
    suggestions: str = Field(sa_column=Column(Text, nullable=False))
    form: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    saved_by: int = Field(sa_type=Id, foreign_key="account.id")
    saved_at: datetime = Field(sa_type=Utc)


class ProposalSigner(SQLModel, table=True):
    """A seat that signs: the lead, or an invited co-signer who accepts or declines up to the day `answer_by`.

    `signed_version` and `signed_files` (keys of attachments) are what was accepted. Who accepted a text that changed
    since as the organization's rules name it is `unconfirmed` until they confirm, and counts as no signer meanwhile.
    `merged_from_id` is the proposal of those who came along when it was merged into this one.
    """

    __tablename__ = "proposal_signer"
    __table_args__ = (Index("ix_proposal_signer_seat", "seat_id", "state"),)

    proposal_id: int = Field(primary_key=True, sa_type=Id, foreign_key="proposal.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    role: str = Field(default="participant", max_length=12)
    state: str = Field(default="invited", max_length=12)
    answer_by: date | None = None
    invited_at: datetime = Field(sa_type=Utc)
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
    signed_version: int | None = None
    signed_files: list[str] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    merged_from_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal.id")


class ProposalStep(SQLModel, table=True):
    """One step of the track: who, when, from which state to which, why.

    A wrong step is undone by another step, whose `undoes_id` names it: `before` holds the columns that the step
    changed, as they were.
    """

    __tablename__ = "proposal_step"
    __table_args__ = (Index("ix_proposal_step_proposal", "proposal_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=30)
    from_state: str = Field(max_length=24)
    to_state: str = Field(max_length=24)
    reason_code: str | None = Field(default=None, max_length=30)
    reason: str | None = Field(default=None, max_length=500)
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    assignment_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal_assignment.id")
    undoes_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal_step.id", unique=True)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
