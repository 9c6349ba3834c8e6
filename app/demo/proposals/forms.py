"""What is said in the proposals of the demo city beside their text, and whether they came during the plenary."""

from random import Random
from typing import Any

from app.demo.city.plan import CATEGORIES, UNITS
from app.demo.city.rhythm import PLENARY_DAY, PLENARY_DAYS, local_date
from app.demo.language.text import Theme
from app.proposals.rules import Period, ProposalKind

_RESEARCH = (
    "走访社区和企业{n}处，与基层干部、居民座谈{m}次。",
    "查阅近三年公开资料，实地察看{n}个点位。",
    "向{n}位从业人员了解情况，收回问卷{m}0份。",
    "参加市政协专题视察，听取{n}个部门介绍。",
)


def form(
    rng: Random, kind: ProposalKind, body_id: int | None, theme: Theme, *, is_whole: bool
) -> dict[str, Any]:
    """Consent, suggested units and research; most of it is filled in before a proposal is submitted."""
    draw, found = rng.random(), rng.choice(_RESEARCH).format(n=rng.randint(3, 12), m=rng.randint(2, 6))
    consents = is_whole and draw < 0.92
    return {
        "kind": kind.value,
        "body_id": body_id,
        "category": CATEGORIES[theme.field],
        "publish_consent": consents if is_whole else None,
        "publish_reason": None if consents or not is_whole else "含有尚未公布的数据，不宜公开。",
        "suggested_unit_ids": [UNITS.index(theme.unit) + 1] if is_whole and rng.random() < 0.6 else [],
        "research": found if is_whole and rng.random() < 0.5 else None,
        "activity_ids": [],
    }


def period(submitted: int) -> Period:
    """During the plenary, or between sessions."""
    days = local_date(submitted).timetuple().tm_yday - PLENARY_DAY
    return "during" if 0 <= days < PLENARY_DAYS else "between"
