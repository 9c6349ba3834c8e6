"""The kinds of notifications: one row each, with its label, who gets it, and whether it may be switched off."""

from enum import StrEnum
from typing import Self

from app.auth.permissions import Role

_MEMBERS = frozenset({Role.MEMBER})
_UNITS = frozenset({Role.UNIT_OFFICER})
_OFFICE = frozenset({Role.SECRETARIAT})
_HANDLING = _MEMBERS | _UNITS | _OFFICE


class NoticeKind(StrEnum):
    """What a notification is about, as `noun.verb`.

    `optional`: its reader may switch it off; duties, deadlines and decisions may not be. `gathered`: those about
    one place are one entry of the list. `blind`: told also to whom may not see the subject (any more), for that
    is what it says. `asks`: something waits for its reader; when that is over, it is marked as read.
    """

    label: str
    audience: frozenset[Role]
    optional: bool
    gathered: bool
    blind: bool
    asks: bool

    def __new__(
        cls,
        name: str,
        label: str,
        audience: frozenset[Role],
        *marks: str,
    ) -> Self:
        """One row of the table; `marks` are any of `optional`, `gathered`, `blind` and `asks`."""
        if unknown := set(marks) - {"optional", "gathered", "blind", "asks"}:
            raise TypeError(f"{name}: no such mark: {unknown}")
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.label, kind.audience = label, audience
        kind.optional, kind.gathered = "optional" in marks, "gathered" in marks
        kind.blind, kind.asks = "blind" in marks, "asks" in marks
        return kind

    @classmethod
    def known(cls, name: str) -> Self | None:
        """The kind of this name, if there is one (still)."""
        return next((kind for kind in cls if kind.value == name), None)

    @classmethod
    def of(cls, name: str) -> Self:
        """The kind of this name; what has no row in the table is told to nobody."""
        if kind := cls.known(name):
            return kind
        raise LookupError(f"{name} is no kind of notification: give it a row in {__name__}")

    REPLY_RECEIVED = "reply.received", "有人回复我", frozenset(Role), "optional", "gathered"
    REPLY_MENTIONED = "reply.mentioned", "有人提到我", frozenset(Role), "optional", "gathered"
    REPLY_HIDDEN = "reply.hidden", "我的回复被隐藏", _MEMBERS, "blind"
    UPDATE_HIDDEN = "update.hidden", "我的动态被隐藏", _MEMBERS, "blind"
    NOTE_HIDDEN = "reading_note.hidden", "我的读书笔记被隐藏", _MEMBERS, "blind"

    TOPIC_PUBLISHED = "topic.published", "邀请我参加的新议题", _MEMBERS, "optional"
    TOPIC_EXTENDED = "topic.extended", "我参加的议题延期", _MEMBERS, "optional"
    TOPIC_CLOSED = "topic.closed", "我参加的议题提前结束", _MEMBERS, "optional"
    TOPIC_REPORTED = "topic.reported", "我参加的议题公布成果", _MEMBERS, "optional"
    READING_OPENED = "reading.opened", "新的共读主题", _MEMBERS, "optional"
    READING_COMMENDED = "reading.commended", "我的读书笔记被评为优秀", _MEMBERS, "optional"
    BULLETIN_PUBLISHED = "bulletin.published", "年度通报发布", _MEMBERS, "optional"
    CARD_ISSUED = "card.issued", "我的履职纪念卡签发", _MEMBERS, "optional"
    CARD_REVOKED = "card.revoked", "我的履职纪念卡撤销", _MEMBERS

    ACTIVITY_INVITED = "activity.invited", "邀请我参加会议活动", _MEMBERS, "asks"
    ACTIVITY_PAPERS = "activity.papers", "会议材料有更新", _MEMBERS, "optional"
    ACTIVITY_CANCELLED = "activity.cancelled", "会议活动取消", _MEMBERS
    ACTIVITY_ABSENT = "activity.absent", "我被记为缺席", _MEMBERS
    CLAIM_CONFIRM = "claim.confirm", "我的申报、申诉通过", _MEMBERS
    CLAIM_REFUSE = "claim.refuse", "我的申报、申诉未通过", _MEMBERS
    CLAIM_REOPEN = "claim.reopen", "我的申报、申诉重新审核", _MEMBERS

    SEED_USED = "seed.used", "我说的话被引为线索", _MEMBERS, "optional"
    SEED_TAKEN_UP = "seed.taken_up", "由我的话引出的提案、信息被采纳", _MEMBERS, "optional"
    SEED_BORE_FRUIT = "seed.bore_fruit", "由我的话引出的提案办理落实", _MEMBERS, "optional"

    PROPOSAL_INVITED = "proposal.invited", "邀请我联名", _MEMBERS, "asks"
    PROPOSAL_SIGNED = "proposal.signature_accepted", "委员同意联名", _MEMBERS
    PROPOSAL_UNSIGNED = "proposal.signature_declined", "委员谢绝联名", _MEMBERS
    PROPOSAL_CONFIRM_SIGNATURE = (
        "proposal.confirm_signature",
        "联名的提案有修改，请再次确认",
        _MEMBERS,
        "asks",
    )
    PROPOSAL_NOT_CONFIRMED = "proposal.signature_lapsed", "未再次确认，不计为联名", _MEMBERS, "blind"
    PROPOSAL_EDITED = "proposal.edited", "我联名的提案有修改", _MEMBERS, "optional"
    PROPOSAL_TO_CONFIRM = "proposal.to_confirm", "集体提案请我确认", _MEMBERS, "asks"
    PROPOSAL_HEAD_LEFT = "proposal.head_left", "负责人离任，提案等新的负责人确认", _MEMBERS, "asks"
    PROPOSAL_CONFIRM = "proposal.confirm", "负责人确认并提交", _MEMBERS
    PROPOSAL_HAND_BACK = "proposal.hand_back", "负责人退回修改", _MEMBERS
    PROPOSAL_ENTERED = "proposal.entered", "机关代录我的提案", _MEMBERS
    PROPOSAL_SUBMIT = "proposal.submit", "提案提交", _MEMBERS
    PROPOSAL_WITHDRAW = "proposal.withdraw", "提案撤回", _MEMBERS
    PROPOSAL_START_REVIEW = "proposal.start_review", "提案开始初审", _MEMBERS
    PROPOSAL_TO_JOINT_REVIEW = "proposal.to_joint_review", "提案进入会审", _MEMBERS
    PROPOSAL_TO_FINAL_REVIEW = "proposal.to_final_review", "提案进入复审", _MEMBERS
    PROPOSAL_FILE = "proposal.file", "提案立案", _MEMBERS
    PROPOSAL_DECLINE = "proposal.decline", "提案不予立案", _MEMBERS
    PROPOSAL_RETURN = "proposal.return_for_revision", "提案退回修改", _MEMBERS, "asks"
    PROPOSAL_CONVERT = "proposal.convert", "提案转为社情民意信息", _MEMBERS
    PROPOSAL_MERGE = "proposal.merge", "提案并案", _MEMBERS
    PROPOSAL_MERGE_IN = "proposal.merge_in", "其他提案并入我的提案", _MEMBERS
    PROPOSAL_ASSIGN = "proposal.assign", "提案交办", _MEMBERS
    PROPOSAL_REHANDLE = "proposal.rehandle", "提案重新办理", _HANDLING, "asks"
    PROPOSAL_CLOSE = "proposal.close", "提案办结", _MEMBERS | _UNITS
    PROPOSAL_END_WORK = "proposal.end_work", "承办随提案结束", _UNITS
    PROPOSAL_UNDO = "proposal.undo", "提案的步骤撤销", _HANDLING
    PROPOSAL_MARK_KEY = "proposal.mark_key", "提案列为重点", _MEMBERS
    PROPOSAL_UNMARK_KEY = "proposal.unmark_key", "提案取消重点", _MEMBERS
    PROPOSAL_COMMEND = "proposal.commend", "提案评为优秀", _MEMBERS
    PROPOSAL_UNCOMMEND = "proposal.uncommend", "提案取消优秀", _MEMBERS
    PROPOSAL_SUPERVISE = "proposal.supervise", "督办提案", frozenset({Role.LEADER}) | _UNITS, "asks"
    PROPOSAL_SUPERVISOR_LEFT = "proposal.supervisor_left", "督办领导离任，请另行确定", _OFFICE, "asks"
    BODY_HEADLESS = "body.head_left", "单位负责人离任，有集体提案等人确认", _OFFICE, "asks"
    PROPOSAL_UNIT_UNATTENDED = "proposal.unit_unattended", "承办单位没有经办人员", _OFFICE
    PROPOSAL_INSPECT = "proposal.inspect", "督办意见", _UNITS
    PROPOSAL_ASSIGNED = "proposal.assigned", "提案交由本单位办理", _UNITS, "asks"
    PROPOSAL_SIGN = "proposal.sign", "承办单位签收", _MEMBERS
    PROPOSAL_START_HANDLING = "proposal.start_handling", "承办单位开始办理", _MEMBERS
    PROPOSAL_APPROVE_REPLY = "proposal.approve_reply", "提案已答复，请评价", _MEMBERS, "asks"
    PROPOSAL_CONSULT = "proposal.consult", "承办单位的沟通记录", _MEMBERS, "asks"
    PROPOSAL_CONFIRM_TALK = "proposal.confirm_talk", "提案人确认沟通记录", _UNITS
    PROPOSAL_DISPUTE_TALK = "proposal.dispute_talk", "提案人对沟通记录有异议", _UNITS | _OFFICE, "asks"
    PROPOSAL_UPHOLD_DISPUTE = "proposal.uphold_dispute", "沟通记录异议成立", _MEMBERS | _UNITS
    PROPOSAL_DISMISS_DISPUTE = "proposal.dismiss_dispute", "沟通记录经核实属实", _MEMBERS | _UNITS
    PROPOSAL_REQUEST_RETURN = "proposal.request_return", "承办单位申请退办", _OFFICE, "asks"
    PROPOSAL_SUBMIT_REPLY = "proposal.submit_reply", "答复待审核", _OFFICE, "asks"
    PROPOSAL_ACCEPT_RETURN = "proposal.accept_return", "同意退办", _UNITS, "blind"
    PROPOSAL_REFUSE_RETURN = "proposal.refuse_return", "不同意退办", _UNITS, "asks"
    PROPOSAL_SEND_BACK = "proposal.send_back", "答复请修改", _UNITS, "asks"
    PROPOSAL_WITHDRAW_ASSIGNMENT = "proposal.withdraw_assignment", "交办撤回", _UNITS, "blind"
    PROPOSAL_RATED = "proposal.rated", "提案人的评价", _UNITS | _OFFICE
    PROPOSAL_EXTEND = "proposal.extend", "提案办理延期", _HANDLING
    PROPOSAL_RECALCULATE = "proposal.recalculate", "提案期限随放假安排调整", _HANDLING
    PROPOSAL_REMIND = "proposal.remind", "提案催办", _UNITS, "asks"
    PROPOSAL_REMINDER = "proposal.reminder", "提案办理期限提醒", _HANDLING
    COMMITMENT_PROGRESS = "commitment.progress", "承诺有新进展", _MEMBERS | _OFFICE
    COMMITMENT_KEPT = "commitment.kept", "承诺兑现", _MEMBERS | _OFFICE
    COMMITMENT_POSTPONED = "commitment.postponed", "承诺延期", _MEMBERS | _OFFICE
    COMMITMENT_DROPPED = "commitment.dropped", "承诺终止", _MEMBERS | _OFFICE

    OPINION_START_EDITING = "opinion.start_editing", "信息进入编辑", _MEMBERS
    OPINION_RETURN = "opinion.return", "信息请修改", _MEMBERS, "asks"
    OPINION_SHELVE = "opinion.shelve", "信息留存备查", _MEMBERS
    OPINION_COMBINE = "opinion.combine", "信息编入综合信息", _MEMBERS
    OPINION_RELEASE = "opinion.release", "信息移出综合信息", _MEMBERS
    OPINION_ISSUE = "opinion.issue", "信息签发", _MEMBERS
    OPINION_FORWARD = "opinion.forward", "信息转送", _MEMBERS
    OPINION_ADOPT = "opinion.adopt", "信息被采用", _MEMBERS
    OPINION_COMMENT = "opinion.comment", "信息获批示", _MEMBERS | _OFFICE
    OPINION_UNDO = "opinion.undo", "信息的步骤撤销", _MEMBERS
    OPINION_ENTERED = "opinion.entered", "机关代录我的信息", _MEMBERS
    LEAD_ENTERED = "lead.entered", "机关代录我的线索", _MEMBERS
    LEAD_USE = "lead.use", "线索转为信息", frozenset(Role)
    LEAD_DECLINE = "lead.decline", "线索未采用", frozenset(Role)
    LEAD_REOPEN = "lead.reopen", "线索重新受理", frozenset(Role)

    PROJECT_CHANGED = "project.changed", "我的办实事项目开始、结束或撤销", _MEMBERS, "blind"
    CONTACT_SET = "contact.set", "我的联系关系", _MEMBERS
    CONTACT_REMOVED = "contact.removed", "我的联系关系撤销", _MEMBERS, "blind"
    VENUE_POSTED = "venue.posted", "我派驻的议事场所", _MEMBERS
    VENUE_LEFT = "venue.left", "议事场所派驻结束", _MEMBERS, "blind"
    FINDING_NOTE = "finding.note", "我的建议已记录", _MEMBERS
    FINDING_SEND = "finding.send", "我的建议转有关单位", _MEMBERS
    FINDING_RECALL = "finding.recall", "我的建议收回重新交办", _MEMBERS
    FINDING_RELEASE = "finding.release", "我的建议有了答复", _MEMBERS
    FINDING_REOPEN = "finding.reopen", "对我的建议的答复撤回核实", _MEMBERS
    FINDING_FOLLOW_UP = "finding.follow_up", "我的建议有落实情况", _MEMBERS
    FINDING_DISCARD = "finding.discard", "我的建议不再交办", _MEMBERS
    FINDING_RESTORE = "finding.restore", "我的建议恢复办理", _MEMBERS
    FINDING_TO_ANSWER = "finding.to_answer", "委员建议请本单位答复", _UNITS, "asks"
    FINDING_TAKEN_BACK = "finding.taken_back", "委员建议收回", _UNITS, "blind"
    FINDING_ANSWERED = "finding.answered", "建议的答复待反馈", _OFFICE, "asks"

    OUTPUT_SUBMIT = "output.submit", "成果件待审核", _OFFICE, "asks"
    OUTPUT_RETURN = "output.return", "成果件退回修改", _OFFICE, "asks"
    OUTPUT_ISSUE = "output.issue", "我署名的成果件印发", _MEMBERS
    OUTPUT_RECEIVED = "output.received", "成果件送本单位", _UNITS
    OUTPUT_COMMENT = "output.comment", "我署名的成果件获批示", _MEMBERS
    OUTPUT_ADOPT = "output.adopt", "我署名的成果件被采纳", _MEMBERS
    OUTPUT_ADOPT_PARTLY = "output.adopt_partly", "我署名的成果件被部分采纳", _MEMBERS
    OUTPUT_REFUSE = "output.refuse", "我署名的成果件未被采纳", _MEMBERS
    OUTPUT_REVOKE = "output.revoke", "我署名的成果件撤回修改", _MEMBERS, "blind"
    OUTPUT_UNDO = "output.undo", "我署名的成果件的步骤撤销", _MEMBERS, "blind"
    CASE_ACCEPT = "case.accept", "我的呼叫和问题已受理", _MEMBERS | _OFFICE
    CASE_UNACCEPT = "case.unaccept", "我的呼叫和问题撤销受理", _MEMBERS | _OFFICE
    CASE_DECLINE = "case.decline", "我的呼叫和问题不予受理", _MEMBERS | _OFFICE
    CASE_RESTORE = "case.restore", "我的呼叫和问题恢复待受理", _MEMBERS | _OFFICE
    CASE_ASSIGN = "case.assign", "我的呼叫和问题转单位办理", _MEMBERS | _OFFICE
    CASE_RECALL = "case.recall", "我的呼叫和问题另行安排办理", _MEMBERS | _OFFICE
    CASE_ANSWER = "case.answer", "我的呼叫和问题有了答复", _MEMBERS | _OFFICE, "asks"
    CASE_RESCIND = "case.rescind", "我的呼叫和问题的答复撤回", _MEMBERS | _OFFICE
    CASE_RETRACT = "case.retract", "我的呼叫和问题重新办理", _MEMBERS | _OFFICE
    CASE_CLOSE = "case.close", "我的呼叫和问题办结", _MEMBERS | _OFFICE
    CASE_REOPEN = "case.reopen", "我的呼叫和问题撤销办结", _MEMBERS | _OFFICE
    CASE_TO_ACCEPT = "case.to_accept", "呼叫和问题待受理", _OFFICE, "asks"
    CASE_TO_ANSWER = "case.to_answer", "呼叫和问题请本单位答复", _UNITS, "asks"
    CASE_TAKEN_BACK = "case.taken_back", "呼叫和问题收回", _UNITS, "blind"
    CASE_JUDGED = "case.judged", "对答复的评价", _UNITS | _OFFICE, "blind"
    CASE_LATE = "case.late", "呼叫和问题超期未答复", _UNITS | _OFFICE, "asks"

    SPEECH_CALL_OPENED = "speech_call.opened", "征集大会发言", _MEMBERS, "optional"
    SPEECH_CALL_CHANGED = "speech_call.changed", "大会发言征集有变动", _MEMBERS, "blind"
    SPEECH_CALL_PUBLISHED = "speech_call.published", "大会发言公布", _MEMBERS, "optional"
    SPEECH_TO_SELECT = "speech.to_select", "大会发言待遴选", _OFFICE, "asks"
    SPEECH_RETURN = "speech.return", "我的大会发言请修改", _MEMBERS, "asks"
    SPEECH_ORAL = "speech.oral", "我的发言选为口头发言", _MEMBERS
    SPEECH_WRITTEN = "speech.written", "我的发言选为书面发言", _MEMBERS
    SPEECH_DECLINE = "speech.decline", "我的大会发言没有选用", _MEMBERS
    SPEECH_DELIVER = "speech.deliver", "我的大会发言记入履职记录", _MEMBERS
    SPEECH_UNDO = "speech.undo", "我的大会发言的步骤撤销", _MEMBERS
    SPEECH_WITHDRAW = "speech.withdraw", "单位撤回我提交的大会发言", _MEMBERS
    SPEECH_RESUBMIT = "speech.resubmit", "单位重新提交我的大会发言", _MEMBERS
    SPEECH_EDITED = "speech.edited", "我的大会发言有文字修改", _MEMBERS

    MATTER_ACCEPT = "matter.accept", "我提的议题已受理", frozenset(Role)
    MATTER_DECLINE = "matter.decline", "我提的议题不予受理", frozenset(Role)
    MATTER_MERGE = "matter.merge", "我提的议题并入另一议题", frozenset(Role)
    MATTER_CHOOSE = "matter.choose", "我提的议题列入协商", frozenset(Role)
    MATTER_MEET = "matter.meet", "我提的议题已经协商", frozenset(Role)
    MATTER_FINDING = "matter.finding", "我提的议题的建议有了答复", frozenset(Role)
    MATTER_SOLVE = "matter.solve", "我提的议题已解决", frozenset(Role), "asks"
    MATTER_LEAVE = "matter.leave", "我提的议题暂未解决", frozenset(Role), "asks"
    MATTER_RESUME = "matter.resume", "我提的议题继续办理", frozenset(Role)
    MATTER_CLOSE = "matter.close", "我提的议题办结", frozenset(Role)
    MATTER_UNDO = "matter.undo", "我提的议题的步骤撤销", frozenset(Role)
    MATTER_TO_SCREEN = "matter.to_screen", "议题待受理", frozenset(Role), "asks"
    MATTER_JUDGED = "matter.judged", "对议题结果的评价", frozenset(Role)

    INTERNAL_NOTE_MENTIONED = (
        "internal_note.mentioned",
        "同事在内部备注中提到我",
        _OFFICE,
        "optional",
        "gathered",
    )

    PERSON_CORRECTED = "person.corrected", "名册上我的信息更正", frozenset(Role), "blind"
    CREDENTIAL_PASSWORD_RESET = "credential.password_reset", "管理员重置我的密码", frozenset(Role)
    CREDENTIAL_SESSION_CLOSED = "credential.session_closed", "管理员结束我的登录", frozenset(Role)
    CREDENTIAL_SECOND_FACTOR_REMOVED = (
        "credential.second_factor_removed",
        "管理员解除我的动态验证码",
        frozenset(Role),
    )

    PERSONAL_REQUEST_SUBMITTED = "personal_request.submitted", "更正或删除个人信息的申请", _OFFICE, "asks"
    PERSONAL_REQUEST_ACCEPTED = "personal_request.accepted", "我的个人信息申请已受理", frozenset(Role)
    PERSONAL_REQUEST_DECLINED = "personal_request.declined", "我的个人信息申请未通过", frozenset(Role)
    PERSONAL_REQUEST_DONE = "personal_request.done", "我的个人信息申请已办结", frozenset(Role)
