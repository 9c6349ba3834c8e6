"""Tables of handling: assignments to units, deadlines, consultations, replies, ratings, commitments, inspections."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class ProposalAssignment(SQLModel, table=True):
    """One unit's share of a proposal: leading (主办), helping (会办) or its own part (分办)."""

    __tablename__ = "proposal_assignment"
    __table_args__ = (
        UniqueConstraint("proposal_id", "unit_id"),
        Index("ix_proposal_assignment_unit", "unit_id", "state", "proposal_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    unit_id: int = Field(sa_type=Id, foreign_key="unit.id")
    role: str = Field(max_length=12)
    state: str = Field(default="assigned", max_length=24)
    note: str | None = Field(default=None, max_length=500)
    assigned_at: datetime = Field(sa_type=Utc)
    replied_at: datetime | None = Field(default=None, sa_type=Utc)


class ProposalDeadline(SQLModel, table=True):
    """A day by which something is due, with the Chinese sentence that says how it was computed.

    `kind`: return and contact and reply of an assignment, rate and rate_again of a proposal, commitment. Open while
    neither met nor lifted; an extension moves `due_on` and is no breach. `span` is how long it is, in the working days
    or months of its kind: with it the day follows holidays that are announced; none where a person chose the day.
    """

    __tablename__ = "proposal_deadline"
    __table_args__ = (
        Index("ix_proposal_deadline_due", "organization_id", "met_on", "due_on", "id"),
        Index("ix_proposal_deadline_proposal", "proposal_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    assignment_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal_assignment.id")
    commitment_id: int | None = Field(default=None, sa_type=Id, foreign_key="proposal_commitment.id")
    kind: str = Field(max_length=20)
    starts_on: date
    due_on: date
    how: str = Field(max_length=300)
    met_on: date | None = None
    lifted_on: date | None = None
    span: int | None = None


class DeadlineReminder(SQLModel, table=True):
    """A reminder that was sent: each deadline is reminded of once a stage (days to go; negative after it)."""

    __tablename__ = "proposal_deadline_reminder"

    deadline_id: int = Field(primary_key=True, sa_type=Id, foreign_key="proposal_deadline.id")
    due_on: date = Field(primary_key=True)
    stage: int = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=Utc)


class ProposalConsultation(SQLModel, table=True):
    """One talk of a unit with the author in a round: before, during or after handling; by phone, visit or meeting.

    `answer` is what the author says of it, `ruling` what staff say after a dispute; `state` tells how it stands.
    """

    __tablename__ = "proposal_consultation"
    __table_args__ = (Index("ix_proposal_consultation_proposal", "proposal_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    assignment_id: int = Field(sa_type=Id, foreign_key="proposal_assignment.id")
    phase: str = Field(max_length=12)
    form: str = Field(max_length=12)
    held_on: date
    minutes: str = Field(sa_column=Column(Text, nullable=False))
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    at: datetime = Field(sa_type=Utc)
    round: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    state: str = Field(default="recorded", max_length=12, sa_column_kwargs={"server_default": "recorded"})
    answer: str | None = Field(default=None, max_length=500)
    ruling: str | None = Field(default=None, max_length=500)


class ProposalReply(SQLModel, table=True):
    """The reply of a unit in one round of handling; a helping unit's is an opinion to the leading one.

    `asked` and `adopted` count the suggestions of the proposal and those taken up; `version` guards edits.
    """

    __tablename__ = "proposal_reply"
    __table_args__ = (
        UniqueConstraint("assignment_id", "round"),
        Index("ix_proposal_reply_proposal", "proposal_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    assignment_id: int = Field(sa_type=Id, foreign_key="proposal_assignment.id")
    round: int = 1
    version: int = 1
    body: str = Field(sa_column=Column(Text, nullable=False))
    result_class: str | None = Field(default=None, max_length=20)
    asked: int | None = None
    adopted: int | None = None
    commitment: str | None = Field(default=None, max_length=500)
    commitment_due_on: date | None = None
    contact: str | None = Field(default=None, max_length=120)
    saved_by: int = Field(sa_type=Id, foreign_key="account.id")
    saved_at: datetime = Field(sa_type=Utc)
    submitted_at: datetime | None = Field(default=None, sa_type=Utc)
    replied_at: datetime | None = Field(default=None, sa_type=Utc)


class ProposalRating(SQLModel, table=True):
    """What a signer thinks of a unit's reply: of the attitude and of the result.

    `stage` 1 follows the reply, 2 the commitment, half a year later. `remark` reaches the unit, `private_remark` only
    the secretariat.
    """

    __tablename__ = "proposal_rating"
    __table_args__ = (Index("ix_proposal_rating_proposal", "proposal_id"),)

    reply_id: int = Field(primary_key=True, sa_type=Id, foreign_key="proposal_reply.id")
    stage: int = Field(primary_key=True)
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    attitude: str = Field(max_length=12)
    result: str = Field(max_length=12)
    remark: str | None = Field(default=None, max_length=500)
    private_remark: str | None = Field(default=None, max_length=500)
    rated_at: datetime = Field(sa_type=Utc)


class ProposalCommitment(SQLModel, table=True):
    """What a reply promises for later: open until it is kept, dropped with a reason, or replaced by a later reply."""

    __tablename__ = "proposal_commitment"
    __table_args__ = (
        Index("ix_proposal_commitment_organization", "organization_id", "state", "due_on", "id"),
        Index("ix_proposal_commitment_proposal", "proposal_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    assignment_id: int = Field(sa_type=Id, foreign_key="proposal_assignment.id")
    reply_id: int = Field(sa_type=Id, foreign_key="proposal_reply.id")
    result_class: str = Field(max_length=20)
    body: str = Field(max_length=500)
    due_on: date
    state: str = Field(default="open", max_length=12)
    created_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)


class CommitmentNote(SQLModel, table=True):
    """One entry about a commitment: progress, kept, postponed to another day, dropped."""

    __tablename__ = "proposal_commitment_note"
    __table_args__ = (Index("ix_proposal_commitment_note", "commitment_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    commitment_id: int = Field(sa_type=Id, foreign_key="proposal_commitment.id")
    action: str = Field(max_length=12)
    body: str = Field(max_length=500)
    from_on: date | None = None
    to_on: date | None = None
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    at: datetime = Field(sa_type=Utc)


class ProposalInspection(SQLModel, table=True):
    """What a supervising leader, or staff for them, saw when they looked after a key proposal (督办)."""

    __tablename__ = "proposal_inspection"
    __table_args__ = (Index("ix_proposal_inspection_proposal", "proposal_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    proposal_id: int = Field(sa_type=Id, foreign_key="proposal.id")
    held_on: date
    body: str = Field(sa_column=Column(Text, nullable=False))
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    at: datetime = Field(sa_type=Utc)
