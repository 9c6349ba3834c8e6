"""What of each table goes into one's own archive; a package with new tables adds a line."""

from app.activities.hall.models import HallPlace
from app.activities.models import Attendance
from app.archive.models import Claim, ClaimStep, DutyReport, DutyReportVersion
from app.audit.models import AuditEntry
from app.auth.models import Account, AccountRole, LoginSession
from app.bulletins.models import BulletinSeat
from app.cards.models import IssuedCard
from app.cases.models import CaseStep, DutyCase
from app.consultations.matters.models import Matter, MatterNote, MatterStep
from app.consultations.venues.models import Venue, VenueMember
from app.contacts.models import Contact, Visit
from app.drafts.models import Draft
from app.duty.models import DutyMeasure, DutyRecord
from app.feed.models import Update
from app.files.models import File
from app.findings.models import FindingAuthor
from app.lineage.models import LineageLink
from app.notes.models import InternalNote
from app.notifications.models import Notification, NotificationSetting
from app.opinions.models import Lead, OpinionReport, OpinionStep, OpinionVersion
from app.outputs.models import OutputAuthor
from app.people.bodies.models import Body, BodyMember, BodySpokesperson
from app.people.models import Person, Seat, SeatCommittee
from app.privacy.models import Consent, PersonalRequest, PersonalRequestStep
from app.privacy.own_data.archive import register
from app.projects.models import Project, ProjectMember, ProjectStep
from app.proposals.assignments.models import ProposalRating
from app.proposals.models import Proposal, ProposalSigner, ProposalStep, ProposalVersion
from app.reading.models import ReadingLog, ReadingNote
from app.saved_views.models import SavedView
from app.speeches.models import Speech, SpeechStep, SpeechVersion
from app.threads.models import Reply, Support, ThreadRead

_SECRET = ("password_hash", "second_factor_seed", "second_factor_step", "refresh_hash")

register("account", "账号", Account, "id", without=_SECRET)
register("role", "角色", AccountRole, "account_id")
register("person", "名册信息", Person, "id")
register("seat", "委员席位", Seat, "id", without=("figures_version",))
register("committee", "所在专委会", SeatCommittee, "seat_id")
register("spokesperson", "可以代表的参加单位", BodySpokesperson, "seat_id")
register("body_member", "参加的党派、团体和小组", BodyMember, "seat_id")
register("head", "任负责人的参加单位", Body, "head_seat_id", without=("contact_name", "contact_phone"))
register("consent", "隐私告知的同意", Consent, "account_id")
register("request", "更正和删除的申请", PersonalRequest, "account_id")
register(
    "request_step",
    "申请的办理经过",
    PersonalRequestStep,
    "request_id",
    parent=(PersonalRequest, "account_id"),
)
register("session", "登录设备", LoginSession, "account_id", without=_SECRET)
register(
    "log", "登录和操作日志", AuditEntry, "account_id", without=("previous_hash", "hash", "seal", "detail")
)
register("notification", "通知", Notification, "account_id")
register("notification_setting", "通知设置", NotificationSetting, "account_id")
register("record", "履职记录", DutyRecord, "seat_id")
register("measure", "履职记录的成效", DutyMeasure, "record_id", parent=(DutyRecord, "seat_id"))
register("update", "动态", Update, "seat_id", without=("substance", "fingerprint"))
register("reply", "跟帖和发言", Reply, "account_id", without=("substance", "fingerprint"))
register("support", "支持", Support, "seat_id")
register("proposal", "提案", Proposal, "account_id")
register("proposal_version", "提案的各次修改", ProposalVersion, "saved_by")
register("proposal_step", "提案的办理步骤（本人）", ProposalStep, "account_id")
register("signature", "提案联名", ProposalSigner, "seat_id")
register("rating", "对提案办理的评价", ProposalRating, "seat_id")
register("opinion", "社情民意信息", OpinionReport, "account_id")
register("opinion_version", "社情民意信息的各次修改", OpinionVersion, "saved_by")
register("opinion_step", "社情民意信息的处理步骤（本人）", OpinionStep, "account_id")
register("lead", "线索", Lead, "account_id")
register("link", "来龙去脉", LineageLink, "account_id")
register("reading_log", "读书打卡", ReadingLog, "seat_id")
register("reading_note", "读书笔记", ReadingNote, "seat_id")
register("attendance", "会议活动出席", Attendance, "seat_id")
register("hall_place", "会场座位", HallPlace, "seat_id")
register("finding", "提出的意见建议", FindingAuthor, "seat_id")
register("output", "署名的成果件", OutputAuthor, "seat_id")
register("case", "反映的履职呼叫和问题", DutyCase, "account_id")
register("case_step", "履职呼叫和问题的办理经过（本人）", CaseStep, "account_id")
register("speech", "提交的大会发言", Speech, "account_id")
register("speech_version", "大会发言的各次修改", SpeechVersion, "saved_by")
register("speech_step", "大会发言的办理经过（本人）", SpeechStep, "account_id")
register("contact", "联系对象", Contact, "seat_id")
register("project", "牵头的办实事项目", Project, "leader_seat_id")
register("project_member", "参加的办实事项目", ProjectMember, "seat_id")
register("project_step", "办实事项目的步骤（本人）", ProjectStep, "account_id")
register("matter", "提出的协商议题", Matter, "account_id", without=("name", "contact", "code_hash"))
register("matter_step", "协商议题的办理经过（本人）", MatterStep, "account_id")
register("matter_note", "为协商议题的走访调研", MatterNote, "account_id")
register("visit", "走访记录", Visit, "seat_id")
register("venue_member", "派驻的议事场所", VenueMember, "seat_id")
register("venue", "任召集人的议事场所", Venue, "convener_id")
register("claim", "履职申报和申诉", Claim, "account_id")
register("claim_step", "履职申报和申诉的办理经过", ClaimStep, "claim_id", parent=(Claim, "account_id"))
register("duty_report", "年度述职", DutyReport, "seat_id")
register("duty_report_version", "年度述职的各次修改", DutyReportVersion, "seat_id")
register("card", "履职数字纪念卡", IssuedCard, "seat_id")
register("bulletin", "年度通报中的数字", BulletinSeat, "seat_id")
register("read", "读到哪里", ThreadRead, "account_id")
register("draft", "没有提交的草稿", Draft, "account_id")
register("internal_note", "内部备注", InternalNote, "account_id", without=("mentions",))
register("saved_view", "常用筛选", SavedView, "account_id")
register("file", "附件", File, "owner_id")

#: Tables that point to an account, person or seat and are no part, each for its reason.
LEFT_OUT = {
    "topic_seat": "written by staff, in drafts of topics too; a topic that was opened says whom it invites",
    "recovery_code": "hashes of secrets",
    "push_subscription": "keys of a device for its push service",
    "spent_refresh": "hashes of secrets",
    "feed_read": "one number: how far the circle was read, beside the read marks that are parts",
    "bulletin_committee": "the committees of the seat, which are a part",
    "bulletin_body": "the bodies of the seat, which are a part",
    "presence": "what somebody has open just now, gone within an hour",
    "card_cache": "computed from the records, which are a part",
    "score": "computed from the records, which are a part",
    "activity": "made by staff in office",
    "bulletin": "made by staff in office",
    "card_batch": "made by staff in office",
    "sheet_import": "made by staff in office",
    "reading_topic": "made by staff in office",
    "ruleset": "made by staff in office",
    "hall_plan": "made by staff in office",
    "speech_call": "made by staff in office",
    "topic": "made by staff in office",
    "finding": "written by staff; its text is what the author said in public, which is a part",
    "finding_step": "made by staff and units in office",
    "output": "made by staff in office",
    "output_version": "made by staff in office",
    "output_step": "made by staff in office",
    "topic_step": "made by staff in office",
    "setting_change": "made by staff in office",
    "workday_override": "made by staff in office",
    "proposal_inspection": "made by staff and leaders in office",
    "proposal_consultation": "made by units in office",
    "proposal_reply": "made by units in office",
    "proposal_commitment_note": "made by units in office",
}
