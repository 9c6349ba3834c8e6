"""Whom a member may look after."""

from datetime import date
from enum import StrEnum


def meet(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two spans of days have a day in common; None: for the time being."""
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


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
