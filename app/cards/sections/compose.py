"""A card: an ordered list of sections, each a function of the facts.

A section with nothing to say is left out. There is no rank and no percentile on any of them.
"""

from collections import Counter
from datetime import date, timedelta
from typing import get_args

from app.cards.facts import CardFacts
from app.cards.format import FORMAT, CardDict, PointDict, SectionDict, SectionKind
from app.cards.sections import duty, exchange, outreach
from app.cards.sections.builders import (
    Section,
    counted,
    figure,
    item,
    open_title,
    section,
    sentence,
    summed,
    titled,
)
from app.duty.kinds import KINDS, OWN_ACTS
from app.people.models import SeatEnd


def opening(facts: CardFacts) -> SectionDict:
    """How much there was in all, and the headline figures."""
    acts = len(facts.acts)
    when = "这一年" if facts.period.year else "这一届"
    if acts:
        text = f"{when}，履职 {acts} 次，写下了{_whose(facts)}的担当。"
    elif facts.is_over:
        text = f"{when}的履职台账上没有留下记录。"
    else:
        text = f"{when}的履职之路，正等待写下第一笔。"
    figures = [
        figure("days", "履职天数", len(facts.days), "天", facts.active_days()),
        counted(facts, "filed", "立案提案", "件", "proposal.filed"),
        counted(facts, "opinion_reports", "社情民意", "篇", "opinion.submitted"),
        counted(facts, "said", "议政发言", "条", "reply.posted"),
        counted(facts, "updates", "履职动态", "条", "update.posted"),
        counted(facts, "attended", "会议活动", "次", "activity.attended"),
        summed(facts, "minutes", "读书时长", "分钟", "reading.logged"),
    ]
    return section("opening", "履职这一年" if facts.period.year else "履职这一届", text, figures)


def _whose(facts: CardFacts) -> str:
    sector = facts.seat["sector"]
    return f"{sector}委员" if sector.endswith(("界", "界别")) else f"{sector}界委员"


def days(facts: CardFacts) -> SectionDict | None:
    """The distinct local days, the longest run of them, the first act, and the acts of each month or year."""
    if not facts.days:
        return None
    streak, series = facts.streak, _series(facts)
    peak = max(point["value"] for point in series)
    peaks = [point["label"] for point in series if point["value"] == peak]
    text = sentence(
        f"在 {len(facts.days)} 天里留下了履职的足迹",
        f"最长连续 {len(streak)} 天" if len(streak) > 1 else "",
        f"{peaks[0]}最为忙碌" if len(peaks) == 1 and len(series) > 1 else "",
    )
    run = figure("streak", "最长连续", len(streak), "天", facts.active_days(streak[0], streak[-1]))
    first = facts.acts[0]
    label = KINDS[first.kind].label
    title = open_title(first)
    began = item(
        titled(first.kind, title) if title else label,
        f"最早的一次：{label}" if title else "最早的一次",
        first.on,
    )
    all_days = figure("days", "履职天数", len(facts.days), "天", facts.active_days())
    acts = counted(facts, "acts", "履职次数", "次", *OWN_ACTS)
    return section("days", "活跃的日子", text, [all_days, run, acts], items=[began], series=series)


def _series(facts: CardFacts) -> list[PointDict]:
    """The acts of each month of a year, or of each duty year of a term."""
    if facts.period.year is None:
        by_year = Counter(r.year for r in facts.acts)
        years = range(min(by_year), max(by_year) + 1)
        return [{"label": f"{year}年", "value": by_year[year]} for year in years]
    by_month = Counter((r.on.year, r.on.month) for r in facts.acts)
    points: list[PointDict] = []
    day = facts.period.first.replace(day=1)
    while day <= facts.period.last:
        points.append({"label": f"{day.month}月", "value": by_month[day.year, day.month]})
        day = _next_month(day)
    return points


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


#: The last words on the card of the year in which a seat ended, or of the term, by how it did.
_FAREWELLS: dict[str, str] = {
    SeatEnd.TERM_OVER: "这一届的履职到这里圆满，感谢您的陪伴与坚守。",
    SeatEnd.RESIGNED: "履职的路走到这里，感谢您说过的每一句话、走过的每一步。",
    SeatEnd.TRANSFERRED: "换了岗位，为民的心不变，感谢您一路同行。",
    SeatEnd.REMOVED: "这一段履职的记录到此为止。",
}
_IN_MEMORY = "斯人已去，风范长存。走过的每一步，我们都记得。"


def closing(facts: CardFacts) -> SectionDict:
    """The last words, beside the QR code: nobody who has left or died is asked to go on."""
    stayed = facts.held[1] >= facts.period.last
    if facts.has_left and facts.end == SeatEnd.DIED:
        text = _IN_MEMORY
    elif facts.period.year is None and facts.is_over and stayed:
        text = "感谢这一届的陪伴与坚守，初心不改，步履不停。"
    elif facts.ends_here:
        text = _FAREWELLS.get(facts.end or "", _FAREWELLS[SeatEnd.RESIGNED])
    elif facts.has_left:
        text = "把群众的事放在心上，这一年的每一步都算数。"
    elif not facts.is_over:
        text = "履职仍在路上，每一次发声都算数。"
    else:
        text = "把群众的事放在心上，来年继续同行。"
    return section("closing", "结语", text)


_BY_KIND: dict[SectionKind, Section] = {
    **exchange.SECTIONS,
    **duty.SECTIONS,
    **outreach.SECTIONS,
    "opening": opening,
    "days": days,
    "closing": closing,
}
#: Every section, in the order of their kinds in `format.py`.
SECTIONS = tuple(_BY_KIND[kind] for kind in get_args(SectionKind))

#: Sections for the member alone.
PRIVATE = frozenset({"shortfall"})
#: Sections whose things worth naming only the owner and the secretariat may see.
UNNAMED = frozenset({"opinions"})


def compose(facts: CardFacts) -> CardDict:
    """The whole card."""
    found = [section(facts) for section in SECTIONS]
    return {
        "format": FORMAT,
        "period": facts.period.shape(facts.today),
        "seat": facts.seat,
        "sections": [section for section in found if section is not None],
    }


def without_private(card: CardDict) -> CardDict:
    """The card without what is for the member alone."""
    return {**card, "sections": [section for section in card["sections"] if section["kind"] not in PRIVATE]}


def shareable(card: CardDict) -> CardDict:
    """The card as other members see it: without what is private, and without the paths into the archive."""
    sections: list[SectionDict] = [
        {
            **section,
            "figures": [{**figure, "records": None} for figure in section["figures"]],
            "items": [] if section["kind"] in UNNAMED else section["items"],
        }
        for section in without_private(card)["sections"]
    ]
    return {**card, "sections": sections}
