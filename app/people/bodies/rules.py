"""Kinds of bodies, and the kind that a name tells."""

import re
from enum import StrEnum


class BodyKind(StrEnum):
    """What kind of body it is; sectors and committees are named by their own tables."""

    PARTY = "party"
    COMMERCE = "commerce"
    PEOPLE = "people"
    SECTOR = "sector"
    COMMITTEE = "committee"
    ACTIVITY_GROUP = "activity"
    SERVICE_TEAM = "service"
    DISTRICT_GROUP = "district"
    RESEARCH_GROUP = "research"
    GROUP = "group"


BODY_LABELS = {
    BodyKind.PARTY: "民主党派",
    BodyKind.COMMERCE: "工商联",
    BodyKind.PEOPLE: "人民团体",
    BodyKind.SECTOR: "界别",
    BodyKind.COMMITTEE: "专委会",
    BodyKind.ACTIVITY_GROUP: "活动小组",
    BodyKind.SERVICE_TEAM: "服务团",
    BodyKind.DISTRICT_GROUP: "片区工作组",
    BodyKind.RESEARCH_GROUP: "课题组",
    BodyKind.GROUP: "其他团体",
}

_PARTIES = re.compile(
    "^(中国国民党革命委员会|中国民主同盟|中国民主建国会|中国民主促进会|中国农工民主党|中国致公党|九三学社|台湾民主自治同盟"
    "|民革|民盟|民建|民进|农工党|致公党|台盟)"
)
_GROUPS = {
    BodyKind.SERVICE_TEAM: re.compile("服务(团|队)$"),
    BodyKind.DISTRICT_GROUP: re.compile("(片区.*|联络)组$"),
    BodyKind.RESEARCH_GROUP: re.compile("(课题|调研)组$"),
    BodyKind.ACTIVITY_GROUP: re.compile("(活动|学习|工作|委员)小?组$"),
}
_PHONE = re.compile(r"[+(（]?\d[\d()（）\s-]{4,28}")
_COMMERCE = re.compile("工商(业)?联")
_PEOPLE = re.compile(
    "共青团|团(市|县|区|省)委|工会|妇联|妇女联合会|青联|青年联合会|科协|科学技术协会|侨联|台联|文联|残联"
)


#: Whose members are those of a sector or committee, kept there.
ROSTER_KINDS = {BodyKind.SECTOR, BodyKind.COMMITTEE}


def kind_of(name: str) -> BodyKind:
    """The kind that a name tells, for those that are no sector and no committee of the term."""
    for kind, pattern in (
        (BodyKind.PARTY, _PARTIES),
        (BodyKind.COMMERCE, _COMMERCE),
        *_GROUPS.items(),
        (BodyKind.PEOPLE, _PEOPLE),
    ):
        if pattern.search(name):
            return kind
    return BodyKind.GROUP


def phone(value: str) -> str:
    """A telephone number, mobile or not, as it was written; ValueError in Chinese when it is none."""
    if not _PHONE.fullmatch(value):
        raise ValueError("请填写电话号码，可以是固定电话，例如 0817-2220000")
    return value


def masked_phone(phone: str) -> str:
    """A telephone number, mobile or not, for those who need not call: `139****78`."""
    return f"{phone[:3]}****{phone[-2:]}"
