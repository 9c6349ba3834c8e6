"""Areas of work: what an office of the secretariat may do, as a fixed list of permissions for each."""

from enum import StrEnum

from app.auth.permissions import GRANTS, STAFF_BASE, Permission, Role


class Area(StrEnum):
    """One area of the secretariat's work; an office holds one or several."""

    PROPOSALS = "proposals"
    FIRST_REVIEW = "first_review"
    JOINT_REVIEW = "joint_review"
    FINAL_REVIEW = "final_review"
    INFORMATION = "information"
    LIAISON = "liaison"
    COMMITTEES = "committees"
    GENERAL = "general"
    CHIEF = "chief"


AREA_LABELS = {
    Area.PROPOSALS: "提案交办和办理",
    Area.FIRST_REVIEW: "提案初审",
    Area.JOINT_REVIEW: "提案会审",
    Area.FINAL_REVIEW: "提案复审",
    Area.INFORMATION: "社情民意信息",
    Area.LIAISON: "委员联络和履职管理",
    Area.COMMITTEES: "专委会工作",
    Area.GENERAL: "会议和综合事务",
    Area.CHIEF: "全面工作",
}

P = Permission

_CASES = frozenset({P.CASE_REPORT, P.CASE_MANAGE, P.CASE_ANSWER})
AREA_GRANTS: dict[Area, frozenset[Permission]] = {
    Area.PROPOSALS: frozenset({P.PROPOSAL_REVIEW, P.PROPOSAL_INSPECT, P.LINEAGE_LINK, P.WORKDAY_MANAGE}),
    Area.FIRST_REVIEW: frozenset({P.PROPOSAL_FIRST_REVIEW, P.PROPOSAL_INSPECT}),
    Area.JOINT_REVIEW: frozenset({P.PROPOSAL_JOINT_REVIEW, P.PROPOSAL_INSPECT}),
    Area.FINAL_REVIEW: frozenset({P.PROPOSAL_FINAL_REVIEW, P.PROPOSAL_INSPECT}),
    Area.INFORMATION: frozenset(
        {
            *(P.OPINION_EDIT, P.OPINION_COMMENT, P.FINDING_MANAGE, P.FINDING_ANSWER, P.OUTPUT_MANAGE),
            *(P.LEAD_READ, P.LINEAGE_LINK),
        }
    ),
    Area.LIAISON: frozenset(
        {
            *(
                P.PEOPLE_MANAGE,
                P.CONTACT_MANAGE,
                P.PROJECT_MANAGE,
                P.VENUE_MANAGE,
                P.MATTER_MANAGE,
                P.DUTY_RECORD,
            ),
            *(P.RULESET_MANAGE, P.BULLETIN_MANAGE, P.CARD_ISSUE),
        }
    )
    | _CASES,
    Area.COMMITTEES: frozenset({P.TOPIC_MANAGE, P.ACTIVITY_MANAGE, P.READING_MANAGE, P.CONTENT_HIDE}),
    Area.GENERAL: frozenset(
        {
            *(P.ACTIVITY_MANAGE, P.FINDING_MANAGE, P.FINDING_ANSWER, P.OUTPUT_MANAGE),
            *(P.PROJECT_MANAGE, P.WORKDAY_MANAGE, P.CONTENT_HIDE, P.VENUE_MANAGE, P.MATTER_MANAGE),
            P.SPEECH_MANAGE,
        }
    )
    | _CASES,
    Area.CHIEF: GRANTS[Role.SECRETARIAT],
}

#: What an office that acts for one committee may hold: the rest belongs to no committee.
OF_A_COMMITTEE = frozenset({Area.COMMITTEES})


def granted(areas: tuple[str, ...]) -> frozenset[Permission]:
    """What somebody in an office with these areas may do."""
    return STAFF_BASE.union(*(AREA_GRANTS[Area(area)] for area in areas))
