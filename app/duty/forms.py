"""What the subject of a record is, within its kind: the kind of a meeting, a proposal, a report or a service.

Domains name the forms of what is done on the platform; acts outside the platform carry one of the same.
"""

ACTIVITIES = {
    "plenary": "全体会议",
    "standing_committee": "常委会会议",
    "committee_meeting": "专委会会议",
    "inspection": "视察",
    "research": "调研",
    "training": "学习培训",
    "consultation": "协商议政",
}
PROPOSALS = {"individual": "个人提案", "joint": "联名提案", "collective": "集体提案"}
OPINIONS = {
    "single": "单篇信息",
    "combined": "综合信息",
    "lead": "线索转化",
    "conversion": "提案转化",
}
SPEECHES = {"oral": "口头发言", "written": "书面发言"}
SERVICES = {
    "visit": "走访联系",
    "volunteering": "志愿服务",
    "donation": "捐资捐物",
    "assistance": "结对帮扶",
    "lecture": "宣讲宣传",
    "mediation": "矛盾化解",
    "other_service": "其他服务",
}

#: Every form with its label.
FORM_LABELS = ACTIVITIES | PROPOSALS | OPINIONS | SPEECHES | SERVICES
