"""What staff enter of a proposal on paper."""

from pydantic import Field

from app.people.paper.schemas import PaperIn
from app.proposals.schemas import FileKey, ProposalIn, SeatId


class EntryIn(PaperIn, ProposalIn):
    """A whole proposal as it was handed in; a collective one names its `body_id`."""

    seat_id: SeatId | None = Field(
        default=None, description="Its author; the body's head where a collective proposal names nobody."
    )
    cosigner_ids: list[SeatId] = Field(
        default=[], max_length=50, description="Seats that have signed on paper beside its author."
    )
    attachment_keys: list[FileKey] = Field(
        default=[], max_length=20, description="My uploaded files, such as a scan of the paper."
    )
