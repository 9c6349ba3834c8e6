"""Levels and kinds of venues."""

from enum import StrEnum


class VenueLevel(StrEnum):
    """Whose venue it is, the highest first; a venue stands below one of a higher level, so there are no circles."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LEVEL_LABELS = {
    VenueLevel.CITY: "市",
    VenueLevel.COUNTY: "县（市、区）",
    VenueLevel.TOWNSHIP: "乡镇（街道）",
    VenueLevel.VILLAGE: "村（社区）",
}


class VenueKind(StrEnum):
    """What a venue is."""

    STATION = "station"
    ROOM = "room"
    STUDIO = "studio"
    COLLECTION = "collection"
    PARK = "park"
    MARKET = "market"
    SITE = "site"
    OTHER = "other"


KIND_LABELS = {
    VenueKind.STATION: "政协工作联络站",
    VenueKind.ROOM: "协商议事室",
    VenueKind.STUDIO: "委员工作室",
    VenueKind.COLLECTION: "社情民意收集室",
    VenueKind.PARK: "园区",
    VenueKind.MARKET: "市场",
    VenueKind.SITE: "田间工地",
    VenueKind.OTHER: "其他",
}


def is_above(one: VenueLevel, other: VenueLevel) -> bool:
    """Whether a venue of a level may have one of another level below it."""
    order = list(VenueLevel)
    return order.index(one) < order.index(other)
