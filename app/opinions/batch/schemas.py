"""One action of the editors on many reports."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.core.language.text import Input, Remark
from app.core.web.bulk import MOST, BulkItem, require_distinct
from app.opinions.lifecycle import OpinionAction, Tier
from app.opinions.schemas import OpinionTransitionIn


class OpinionBatchAction(StrEnum):
    """Steps that may be taken with many reports at once."""

    START_EDITING = "start_editing"
    RETURN = "return"
    SHELVE = "shelve"
    COMBINE = "combine"
    ISSUE = "issue"
    FORWARD = "forward"
    ADOPT = "adopt"


class OpinionBatch(Input):
    """One step of many reports; the fields beside `items` are those of a single transition."""

    items: list[BulkItem] = Field(
        description="The reports, in the order in which they are taken.", min_length=1, max_length=MOST
    )
    action: OpinionBatchAction = Field(description="What is done with each.")
    reason: Remark | None = Field(default=None, description="Why; for all of them the same.")
    tier: Tier | None = Field(default=None, description="Where they are issued, forwarded or adopted.")
    into_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="The combined report that they become a part of."
    )

    def check(self) -> None:
        """`Invalid` for what is wrong with all rows alike."""
        require_distinct(self.items)

    def transition(self) -> OpinionTransitionIn:
        """The step that is taken with each."""
        return OpinionTransitionIn(
            action=OpinionAction(self.action), reason=self.reason, tier=self.tier, into_id=self.into_id
        )
