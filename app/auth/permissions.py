"""Who may do what, as data: roles, permissions, and which role holds which."""

from enum import StrEnum
from itertools import combinations


class Role(StrEnum):
    """What an account is in an organization; one account may hold several."""

    MEMBER = "member"
    SECRETARIAT = "secretariat"
    UNIT_OFFICER = "unit_officer"
    LEADER = "leader"
    INFORMATION_OFFICER = "information_officer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    OUTGOING_MEMBER = "outgoing_member"
    FORMER_MEMBER = "former_member"


ROLE_LABELS = {
    Role.MEMBER: "委员",
    Role.SECRETARIAT: "机关工作人员",
    Role.UNIT_OFFICER: "承办单位人员",
    Role.LEADER: "主席会议成员",
    Role.INFORMATION_OFFICER: "信息员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
    Role.OUTGOING_MEMBER: "届满委员",
    Role.FORMER_MEMBER: "离任委员",
}

#: What a member's role is after its last day; never granted. Outgoing: served to the end of a term, and the next one
#: has not begun.
PAST = frozenset({Role.OUTGOING_MEMBER, Role.FORMER_MEMBER})


class Permission(StrEnum):
    """What a route asks for; `SIGN_IN` alone is open while a password change, second factor or consent is due."""

    SIGN_IN = "account.sign_in"
    ACCOUNT_SELF = "account.self"
    ACCOUNT_READ = "account.read"
    ACCOUNT_MANAGE = "account.manage"
    ROLE_GRANT = "role.grant"
    AUDIT_READ = "audit.read"
    SETTINGS_READ = "settings.read"
    SETTINGS_MANAGE = "settings.manage"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    FILE_READ = "file.read"
    FILE_UPLOAD = "file.upload"
    CIRCLE_READ = "circle.read"
    UPDATE_POST = "update.post"
    REPLY_POST = "reply.post"
    SUPPORT_GIVE = "support.give"
    CONTENT_HIDE = "content.hide"
    TOPIC_MANAGE = "topic.manage"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_WRITE = "proposal.write"
    PROPOSAL_RATE = "proposal.rate"
    PROPOSAL_REVIEW = "proposal.review"
    PROPOSAL_FIRST_REVIEW = "proposal.first_review"
    PROPOSAL_JOINT_REVIEW = "proposal.joint_review"
    PROPOSAL_FINAL_REVIEW = "proposal.final_review"
    PROPOSAL_HANDLE = "proposal.handle"
    PROPOSAL_INSPECT = "proposal.inspect"
    OPINION_READ = "opinion.read"
    OPINION_WRITE = "opinion.write"
    OPINION_EDIT = "opinion.edit"
    FINDING_READ = "finding.read"
    FINDING_MANAGE = "finding.manage"
    FINDING_ANSWER = "finding.answer"
    OUTPUT_READ = "output.read"
    OUTPUT_MANAGE = "output.manage"
    CASE_READ = "case.read"
    CASE_REPORT = "case.report"
    CASE_MANAGE = "case.manage"
    CASE_ANSWER = "case.answer"
    SPEECH_READ = "speech.read"
    SPEECH_WRITE = "speech.write"
    SPEECH_MANAGE = "speech.manage"
    PROJECT_READ = "project.read"
    PROJECT_MANAGE = "project.manage"
    CONTACT_READ = "contact.read"
    CONTACT_MANAGE = "contact.manage"
    VISIT_LOG = "visit.log"
    VENUE_READ = "venue.read"
    VENUE_MANAGE = "venue.manage"
    MATTER_READ = "matter.read"
    MATTER_BRING = "matter.bring"
    MATTER_MANAGE = "matter.manage"
    LINEAGE_LINK = "lineage.link"
    OPINION_COMMENT = "opinion.comment"
    LEAD_READ = "lead.read"
    LEAD_WRITE = "lead.write"
    READING_LOG = "reading.log"
    READING_MANAGE = "reading.manage"
    ACTIVITY_READ = "activity.read"
    ACTIVITY_SIGN = "activity.sign"
    ACTIVITY_MANAGE = "activity.manage"
    DUTY_READ = "duty.read"
    DUTY_RECORD = "duty.record"
    DUTY_CLAIM = "duty.claim"
    WORKDAY_MANAGE = "workday.manage"
    BOARD_READ = "board.read"
    RULESET_MANAGE = "ruleset.manage"
    STATISTICS_READ = "statistics.read"
    BULLETIN_READ = "bulletin.read"
    BULLETIN_MANAGE = "bulletin.manage"
    CARD_READ = "card.read"
    CARD_ISSUE = "card.issue"
    LIBRARY_READ = "library.read"
    NOTE_TAKE = "note.take"
    PRESENCE_SHOW = "presence.show"


P = Permission

_EVERYONE = frozenset({P.SIGN_IN, P.ACCOUNT_SELF})
_CIRCLE = _EVERYONE | {
    P.PEOPLE_READ,
    P.FILE_READ,
    P.FILE_UPLOAD,
    P.CIRCLE_READ,
    P.ACTIVITY_READ,
    P.DUTY_READ,
    P.BOARD_READ,
    P.STATISTICS_READ,
    P.BULLETIN_READ,
    P.CARD_READ,
    P.PROPOSAL_READ,
    P.OPINION_READ,
    P.FINDING_READ,
    P.OUTPUT_READ,
    P.CASE_READ,
    P.SPEECH_READ,
    P.CONTACT_READ,
    P.PROJECT_READ,
    P.VENUE_READ,
    P.MATTER_READ,
    P.LIBRARY_READ,
}
_MEMBER = _CIRCLE | {
    P.UPDATE_POST,
    P.REPLY_POST,
    P.SUPPORT_GIVE,
    P.PROPOSAL_WRITE,
    P.PROPOSAL_RATE,
    P.OPINION_WRITE,
    P.CASE_REPORT,
    P.SPEECH_WRITE,
    P.VISIT_LOG,
    P.MATTER_BRING,
    P.LINEAGE_LINK,
    P.LEAD_READ,
    P.LEAD_WRITE,
    P.READING_LOG,
    P.ACTIVITY_SIGN,
    P.DUTY_CLAIM,
}
#: What everybody in an office of the secretariat may do, whatever its areas (areas.py).
STAFF_BASE = _CIRCLE | {P.REPLY_POST, P.MATTER_BRING, P.SETTINGS_READ, P.NOTE_TAKE, P.PRESENCE_SHOW}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _MEMBER,
    Role.SECRETARIAT: STAFF_BASE
    | {
        P.CONTENT_HIDE,
        P.TOPIC_MANAGE,
        P.PROPOSAL_REVIEW,
        P.PROPOSAL_FIRST_REVIEW,
        P.PROPOSAL_JOINT_REVIEW,
        P.PROPOSAL_FINAL_REVIEW,
        P.PROPOSAL_INSPECT,
        P.OPINION_EDIT,
        P.FINDING_MANAGE,
        P.FINDING_ANSWER,
        P.OUTPUT_MANAGE,
        P.CASE_REPORT,
        P.CASE_MANAGE,
        P.CASE_ANSWER,
        P.SPEECH_MANAGE,
        P.CONTACT_MANAGE,
        P.PROJECT_MANAGE,
        P.VENUE_MANAGE,
        P.MATTER_MANAGE,
        P.LINEAGE_LINK,
        P.OPINION_COMMENT,
        P.LEAD_READ,
        P.READING_MANAGE,
        P.ACTIVITY_MANAGE,
        P.DUTY_RECORD,
        P.WORKDAY_MANAGE,
        P.PEOPLE_MANAGE,
        P.RULESET_MANAGE,
        P.BULLETIN_MANAGE,
        P.CARD_ISSUE,
    },
    Role.UNIT_OFFICER: _EVERYONE
    | {
        P.FILE_READ,
        P.FILE_UPLOAD,
        P.PROPOSAL_READ,
        P.PROPOSAL_HANDLE,
        P.FINDING_READ,
        P.FINDING_ANSWER,
        P.OUTPUT_READ,
        P.CASE_READ,
        P.CASE_ANSWER,
        P.VENUE_READ,
        P.MATTER_READ,
        P.MATTER_BRING,
        P.LEAD_READ,
        P.LEAD_WRITE,
        P.STATISTICS_READ,
        P.PRESENCE_SHOW,
    },
    Role.LEADER: _CIRCLE | {P.REPLY_POST, P.MATTER_BRING, P.PROPOSAL_INSPECT, P.OPINION_COMMENT},
    Role.INFORMATION_OFFICER: _EVERYONE
    | {P.LEAD_READ, P.LEAD_WRITE, P.VENUE_READ, P.MATTER_READ, P.MATTER_BRING},
    Role.SYSTEM_ADMIN: _EVERYONE | {P.ACCOUNT_READ, P.ACCOUNT_MANAGE, P.SETTINGS_READ, P.SETTINGS_MANAGE},
    Role.SECURITY_ADMIN: _EVERYONE | {P.ACCOUNT_READ, P.ROLE_GRANT, P.SETTINGS_READ},
    Role.AUDITOR: _EVERYONE | {P.AUDIT_READ, P.SETTINGS_READ},
    # reading goes on between terms; later what is their own, with the lists that the organization publishes;
    # the reply to one's own proposal may come after the last day
    Role.OUTGOING_MEMBER: _CIRCLE - {P.FILE_UPLOAD} | {P.PROPOSAL_RATE},
    Role.FORMER_MEMBER: _CIRCLE - {P.FILE_UPLOAD, P.CIRCLE_READ} | {P.PROPOSAL_RATE},
}

#: Any of these works on proposals that are not yet on file.
PROPOSAL_STAFF = frozenset(
    {P.PROPOSAL_REVIEW, P.PROPOSAL_FIRST_REVIEW, P.PROPOSAL_JOINT_REVIEW, P.PROPOSAL_FINAL_REVIEW}
)

#: Those whose second factor is a setting.
STAFF = frozenset(Role) - {Role.MEMBER, Role.LEADER, Role.INFORMATION_OFFICER} - PAST

#: The administrators: none can do the others' work.
SEPARATE = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
#: No account may hold both roles of a pair: nobody audits or opens accounts for what he does himself.
APART = {frozenset(pair) for pair in combinations(SEPARATE, 2)} | {
    frozenset({office, work})
    for office in (Role.SYSTEM_ADMIN, Role.AUDITOR)
    for work in (Role.SECRETARIAT, Role.LEADER)
}
