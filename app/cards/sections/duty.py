"""Sections of formal duty: proposals, opinion reports, activities, reading, honours, and what fell short."""

from app.cards.facts import CardFacts
from app.cards.facts import books as read_books
from app.cards.format import SectionDict, SectionKind
from app.cards.sections.builders import (
    NAMED,
    Section,
    counted,
    figure,
    item,
    latest,
    measured,
    named,
    part,
    section,
    sentence,
    summed,
)
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure
from app.people.models import SeatEnd
from app.points.engine import explanations
from app.proposals.assignments.lifecycle import ACTION_LABELS


def proposals(facts: CardFacts) -> SectionDict | None:
    """What was submitted, filed, marked and commended, and the journey of one proposal."""
    submitted = counted(facts, "submitted", "提交提案", "件", "proposal.submitted")
    filed = counted(facts, "filed", "立案提案", "件", "proposal.filed")
    key = counted(facts, "key", "重点提案", "件", "proposal.marked_key")
    commended = counted(facts, "commended", "优秀提案", "件", "proposal.commended")
    figures = [filed, submitted, key, commended]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(
        part(submitted, "提交提案"),
        part(filed, "立案"),
        part(key, "列为重点提案"),
        part(commended, "评为优秀提案"),
    )
    star = next((r for r in reversed(facts.records) if r.subject == ("proposal", facts.journey_of)), None)
    on_file = star is not None and star.subject in {r.subject for r in facts.of("proposal.filed")}
    items = []
    # a proposal that is not on file is between its author and the secretariat
    if star is not None and on_file:
        items = [named(star, "一件提案的旅程")]
        items += [item(ACTION_LABELS.get(s.action, s.action), "", s.on) for s in facts.journey]
    return section("proposals", "提案", text, figures, items=items)


def opinions(facts: CardFacts) -> SectionDict | None:
    """Opinion reports handed in, adopted, commented on by leaders."""
    submitted = counted(facts, "opinion_reports", "社情民意", "篇", "opinion.submitted")
    adopted = counted(facts, "adopted", "获采用", "篇", "opinion.adopted")
    commented = counted(facts, "commented", "获批示", "次", "opinion.commented")
    figures = [submitted, adopted, commented]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(
        part(submitted, "反映社情民意信息"), part(adopted, "获采用"), part(commented, "获领导批示")
    )
    items = latest(
        facts.of("opinion.commented") or facts.of("opinion.adopted") or facts.of("opinion.submitted")
    )
    return section("opinions", "社情民意", text, figures, items=items)


def activities(facts: CardFacts) -> SectionDict | None:
    """Meetings and activities attended. What was missed is private."""
    attended = counted(facts, "attended", "会议活动", "次", "activity.attended")
    half_days = summed(facts, "half_days", "出席半天数", "个", "activity.attended")
    if not attended["value"]:
        return None
    missed = facts.of("activity.excused", "activity.absent")
    text = sentence(part(attended, "出席会议活动"), "" if missed else "全勤")
    items = latest(facts.of("activity.attended"))
    return section("activities", "会议活动", text, [attended, half_days], items=items)


def reading(facts: CardFacts) -> SectionDict | None:
    """Minutes, books and notes."""
    found = read_books(facts)
    minutes = summed(facts, "minutes", "读书时长", "分钟", "reading.logged")
    books = figure("books", "读过的书", len(found), "本", facts.listed("books"))
    notes = counted(facts, "notes", "读书笔记", "篇", "reading.noted")
    commended = counted(facts, "commended_notes", "优秀笔记", "篇", "reading.commended")
    figures = [minutes, books, notes, commended]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(
        part(books, "读了", "书"),
        part(minutes, "用时"),
        part(notes, "写下笔记"),
        part(commended, "获评优秀"),
    )
    items = latest(facts.of("reading.commended") or facts.of("reading.noted"))
    items += [item(f"《{book.title}》", "读过的书", book.on) for book in found[: NAMED - len(items)]]
    return section("reading", "委员读书", text, figures, items=items)


def honors(facts: CardFacts) -> SectionDict | None:
    """Honours and speeches."""
    received = counted(facts, "honors", "获得荣誉", "项", "honor.received")
    spoken = counted(facts, "speeches", "大会发言", "次", "speech.delivered")
    figures = [received, spoken, *measured(facts, [Measure.WORDS])]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(part(received, "获得荣誉"), part(spoken, "作大会发言"))
    published = [
        r for r in facts.of("honor.received", "speech.delivered") if r.title
    ]  # not yet published ones have none
    items = [named(r, KINDS[r.kind].label) for r in reversed(published)]
    return section("honors", "荣誉与发言", text, figures, items=items)


def shortfall(facts: CardFacts) -> SectionDict | None:
    """For the owner alone: minimum duties of the ruleset in force that are not met, and meetings missed.

    Whose seat ended in the period cannot mend it any more.
    """
    if facts.ends_here or (facts.has_left and facts.end == SeatEnd.DIED):
        return None
    called = counted(
        facts, "called", "应参加", "次", "activity.attended", "activity.excused", "activity.absent"
    )
    absent = counted(facts, "absent", "缺席", "次", "activity.absent")
    excused = counted(facts, "excused", "请假", "次", "activity.excused")
    left = [duty for duty in facts.minimums if not duty.met]
    if not left and not absent["value"]:
        return None
    missing = "、".join(f"{duty.label}{explanations.counted(duty.lacks, duty.unit)}" for duty in left)
    text = sentence(f"距离年度基本要求还差：{missing}" if left else "", part(absent, "有", "会议活动缺席"))
    items = [
        item(duty.advice, f"{duty.label}还差{explanations.counted(duty.lacks, duty.unit)}") for duty in left
    ]
    return section("shortfall", "还可以更进一步", text, [called, absent, excused], items=items)


SECTIONS: dict[SectionKind, Section] = {
    "proposals": proposals,
    "opinions": opinions,
    "activities": activities,
    "reading": reading,
    "honors": honors,
    "shortfall": shortfall,
}
