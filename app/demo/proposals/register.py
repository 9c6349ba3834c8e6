"""What is kept of the handling of proposals: its rows, and the things that stand open while it goes on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.demo.city.plan import ORGANIZATION_ID, UNITS
from app.demo.city.rhythm import utc
from app.demo.city.rows import Rows
from app.demo.city.world import World
from app.proposals.assignments.lifecycle import AssignmentState, ResultClass, UnitRole
from app.proposals.assignments.models import (
    CommitmentNote,
    ProposalAssignment,
    ProposalCommitment,
    ProposalConsultation,
    ProposalDeadline,
    ProposalInspection,
    ProposalRating,
    ProposalReply,
)
from app.proposals.lifecycle import ProposalState
from app.proposals.models import ProposalStep


class Track:
    """Writes the steps of proposals."""

    def __init__(self, rows: Rows) -> None:
        self._id = rows.ids(ProposalStep)
        self._add = rows.into(
            ProposalStep,
            "id proposal_id at account_id action from_state to_state reason_code reason data assignment_id",
        )

    def step(  # noqa: PLR0913 - a step has these parts
        self,
        proposal: int,
        at: int,
        by: int,
        action: str,
        source: ProposalState,
        target: ProposalState,
        *,
        reason: str | None = None,
        code: str | None = None,
        assignment: int | None = None,
        **data: Any,
    ) -> None:
        """One step, by an account."""
        moved = (str(action), source.value, target.value, code, reason, data, assignment)
        self._add((self._id(), proposal, utc(at), by, *moved))


class Register:
    """Takes the rows of handling of all proposals."""

    def __init__(self, world: World) -> None:
        rows = world.rows
        self.world, self.track = world, Track(rows)
        self.new_share, self.new_deadline = rows.ids(ProposalAssignment), rows.ids(ProposalDeadline)
        self.new_talk, self.new_reply = rows.ids(ProposalConsultation), rows.ids(ProposalReply)
        self.new_promise, self.new_note = rows.ids(ProposalCommitment), rows.ids(CommitmentNote)
        self.new_inspection = rows.ids(ProposalInspection)
        self.share = rows.into(
            ProposalAssignment,
            "id organization_id proposal_id unit_id role state note assigned_at replied_at",
        )
        self.deadline = rows.into(
            ProposalDeadline,
            "id organization_id proposal_id assignment_id commitment_id kind starts_on due_on how met_on lifted_on span",
        )
        self.talk = rows.into(
            ProposalConsultation,
            "id proposal_id assignment_id phase form held_on minutes account_id at round state answer ruling",
        )
        self.reply = rows.into(
            ProposalReply,
            "id proposal_id assignment_id round version body result_class asked adopted commitment commitment_due_on"
            " contact saved_by saved_at submitted_at replied_at",
        )
        self.rating = rows.into(
            ProposalRating,
            "reply_id stage seat_id proposal_id attitude result remark private_remark rated_at",
        )
        self.promise = rows.into(
            ProposalCommitment,
            "id organization_id proposal_id assignment_id reply_id result_class body due_on state created_at ended_at",
        )
        self.note = rows.into(CommitmentNote, "id commitment_id action body from_on to_on account_id at")
        self.inspection = rows.into(ProposalInspection, "id proposal_id held_on body account_id at")

    def keep_shares(self, proposal: int, shares: "Iterable[Share]") -> None:
        """Write what units do with a proposal, and their replies."""
        for s in shares:
            moments = (utc(s.assigned), utc(s.replied) if s.replied else None)
            self.share((s.id, ORGANIZATION_ID, proposal, s.unit, s.role, s.state.value, None, *moments))
            for r in s.replies:
                asked = (r.result.value if r.result else None, r.asked, r.adopted, r.promise, r.due)
                at = [utc(m) if m else None for m in (r.submitted or s.assigned, r.submitted, r.sent)]
                contact = f"{s.name}办公室"
                written = (r.id, proposal, s.id, r.round, r.version, r.body, *asked)
                self.reply((*written, contact, s.officer, *at))


@dataclass(slots=True)
class UnitReplyRow:
    """What a unit answers in one round; `promise` is for the day `due`."""

    body: str
    result: ResultClass | None = None
    asked: int | None = None
    adopted: int | None = None
    promise: str | None = None
    due: date | None = None
    id: int = 0
    round: int = 1
    version: int = 1
    submitted: int | None = None
    sent: int | None = None


@dataclass(slots=True)
class Share:
    """One unit's share; `officer` is an account."""

    id: int
    unit: int
    role: UnitRole
    officer: int
    assigned: int
    state: AssignmentState = AssignmentState.ASSIGNED
    replied: int | None = None
    replies: list[UnitReplyRow] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the unit."""
        return UNITS[self.unit - 1]


@dataclass(slots=True)
class Promise:
    """A commitment."""

    id: int
    share: Share
    reply: UnitReplyRow
    due: date
    created: int
    state: str = "open"
    ended: int | None = None
