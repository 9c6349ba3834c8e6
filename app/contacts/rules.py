"""Whom a member may look after."""

from enum import StrEnum


class PartyKind(StrEnum):
    """What a contact is; a member is known by the seat, the others by name and place."""

    MEMBER = "member"
    COMPANY = "company"
    VILLAGE = "village"
    RESIDENT = "resident"


PARTY_LABELS = {
    PartyKind.MEMBER: "委员",
    PartyKind.COMPANY: "企业",
    PartyKind.VILLAGE: "村（社区）",
    PartyKind.RESIDENT: "群众代表",
}
