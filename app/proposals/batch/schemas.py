"""One action of the secretariat on many proposals."""

from enum import StrEnum

from pydantic import Field

from app.core.errors import FieldError, Invalid
from app.core.language.text import Input, Remark
from app.core.web.bulk import MOST, BulkItem, require_distinct
from app.proposals.lifecycle import ProposalAction, ProposalMark
from app.proposals.schemas import AssignedUnitIn, MarkIn, ProposalTransitionIn


class ProposalBatchAction(StrEnum):
    """What may be done with many proposals at once: steps of the secretariat, marks, reminders."""

    START_REVIEW = "start_review"
    TO_JOINT_REVIEW = "to_joint_review"
    TO_FINAL_REVIEW = "to_final_review"
    FILE = "file"
    DECLINE = "decline"
    RETURN_FOR_REVISION = "return_for_revision"
    CONVERT = "convert"
    MERGE = "merge"
    ASSIGN = "assign"
    REHANDLE = "rehandle"
    CLOSE = "close"
    MARK_KEY = "mark_key"
    UNMARK_KEY = "unmark_key"
    COMMEND = "commend"
    UNCOMMEND = "uncommend"
    REMIND = "remind"


#: The mark that an action sets or lifts.
MARKS = {
    ProposalBatchAction.MARK_KEY: (ProposalMark.KEY, True),
    ProposalBatchAction.UNMARK_KEY: (ProposalMark.KEY, False),
    ProposalBatchAction.COMMEND: (ProposalMark.COMMENDATION, True),
    ProposalBatchAction.UNCOMMEND: (ProposalMark.COMMENDATION, False),
}


class ProposalBatch(Input):
    """One action on many proposals; the fields beside `items` are those of a single transition."""

    items: list[BulkItem] = Field(
        description="The proposals, in the order in which they are taken: filed ones get numbers in this order.",
        min_length=1,
        max_length=MOST,
    )
    action: ProposalBatchAction = Field(description="What is done with each.")
    reason_code: str | None = Field(
        default=None, max_length=30, description="One of the action's `reasons`.", examples=["litigation"]
    )
    reason: Remark | None = Field(default=None, description="In words; for all of them the same.")
    into_id: int | None = Field(
        default=None, ge=1, le=2**63 - 1, description="With `merge`: the proposal into which they go."
    )
    units: list[AssignedUnitIn] = Field(
        default=[], max_length=20, description="With `assign`: who handles them."
    )

    def check(self) -> None:
        """`Invalid` for what is wrong with all rows alike."""
        require_distinct(self.items)
        if self.action not in MARKS and self.action is not ProposalBatchAction.REMIND:
            self.transition().check_fields()
            return
        extra = [name for name in ("reason_code", "into_id", "units") if getattr(self, name)]
        found = [
            FieldError(field=name, code="extra_forbidden", detail="此操作不需要这一项。") for name in extra
        ]
        if self.action in MARKS and not self.reason:
            found.append(FieldError(field="reason", code="missing", detail="请说明理由。"))
        if found:
            raise Invalid(errors=found)

    def transition(self) -> ProposalTransitionIn:
        """The step that is taken with each."""
        return ProposalTransitionIn(
            action=ProposalAction(self.action),
            reason_code=self.reason_code,
            reason=self.reason,
            into_id=self.into_id,
            units=self.units,
        )

    def mark(self) -> tuple[ProposalMark, MarkIn]:
        """The mark that is set or lifted."""
        which, marked = MARKS[self.action]
        return which, MarkIn(marked=marked, reason=self.reason or "")
