"""Sources of suggestions, and how far each is."""

from enum import StrEnum


class SuggestionSource(StrEnum):
    """As what a member made a suggestion."""

    FINDING = "finding"
    PROPOSAL = "proposal"
    OPINION = "opinion_report"
    REPLY = "reply"
    COMMITMENT = "commitment"


SOURCE_LABELS = {
    SuggestionSource.FINDING: "意见建议",
    SuggestionSource.PROPOSAL: "提案",
    SuggestionSource.OPINION: "社情民意",
    SuggestionSource.REPLY: "议政发言",
    SuggestionSource.COMMITMENT: "办理承诺",
}


class Stage(StrEnum):
    """What has become of a suggestion, over all sources."""

    ADOPTED = "adopted"
    OPEN = "open"
    REFUSED = "refused"


STAGE_LABELS = {Stage.ADOPTED: "已采纳", Stage.OPEN: "办理中", Stage.REFUSED: "未采纳"}
