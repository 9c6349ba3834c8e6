"""Sections of what is said and answered in the circle: updates, deliberation, companions, milestones."""

from collections import Counter

from app.cards.facts import CardFacts
from app.cards.format import SectionDict, SectionKind
from app.cards.sections.builders import (
    Section,
    counted,
    figure,
    item,
    open_title,
    part,
    quoted,
    section,
    sentence,
)
from app.duty.kinds import KINDS

#: Counts that make a milestone, by kind.
MILESTONES = {
    "update.posted": (1, 50, 100, 500),
    "reply.posted": (1, 100, 500, 1000),
    "topic.joined": (1, 10, 50),
    "proposal.filed": (1, 10),
    "opinion.adopted": (1, 10),
    "activity.attended": (10, 50, 100),
    "reading.noted": (1, 10),
}


def updates(facts: CardFacts) -> SectionDict | None:
    """Updates, and the echo that the member found with others."""
    posted = counted(facts, "updates", "履职动态", "条", "update.posted")
    supports = figure("supports", "收到赞同", len(facts.supports), "次", facts.listed("supports"))
    answers = figure("answers", "收到回复", len(facts.answers), "条", facts.listed("answers"))
    figures = [posted, supports, answers]
    if not any(f["value"] for f in figures):
        return None
    echo = "、".join(f"{f['value']} {f['unit']}{f['label'][2:]}" for f in (supports, answers) if f["value"])
    text = sentence(part(posted, "发布", "动态"), f"动态和发言共收到 {echo}" if echo else "")
    best = facts.best_update
    items = [item(quoted(best.text), f"获得 {best.echo} 次赞同", best.on)] if best else []
    return section("updates", "议政圈", text, figures, items=items)


def deliberation(facts: CardFacts) -> SectionDict | None:
    """Topics, opinions and replies, and the opinion that was discussed most."""
    topics = counted(facts, "topics", "参与议题", "个", "topic.joined")
    of = Counter("opinions" if act.topic_id is not None else "replies" for act in facts.replies)
    opinions = figure("opinions", "发表意见", of["opinions"], "条", facts.listed("opinions"))
    replies = figure("replies", "交流回复", of["replies"], "条", facts.listed("replies"))
    figures = [topics, opinions, replies]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(
        part(topics, "参与", "网络议政议题"), part(opinions, "发表意见"), part(replies, "交流回复")
    )
    best = facts.best_opinion
    items = [item(quoted(best.text), "讨论最多的意见", best.on)] if best else []
    return section("deliberation", "网络议政", text, figures, items=items)


def keywords(facts: CardFacts) -> SectionDict | None:
    """What the member often wrote of for others to read, each word with the count of the texts that hold it."""
    figures = [
        figure("keyword", word, len(found), "篇", facts.listed("keyword", word=word))
        for word, found in facts.keywords.items()
    ]
    if not figures:
        return None
    names = "、".join(f["label"] for f in figures[:3])
    return section("keywords", "关键词", f"写给大家看的文字里，常常说到{names}。", figures)


def companions(facts: CardFacts) -> SectionDict | None:
    """With whom proposals were signed, and who answered each other most."""
    items = [item(c.name, f"联名提案 {c.times} 件") for c in facts.cosigners]
    signed = {c.seat_id for c in facts.cosigners}
    items += [item(c.name, f"往来互动 {c.times} 次") for c in facts.partners if c.seat_id not in signed]
    if not items:
        return None
    names = "、".join(i["title"] for i in items[:3])
    return section("companions", "同行的人", f"同行最多的是{names}。", items=items)


def milestones(facts: CardFacts) -> SectionDict | None:
    """Firsts and round numbers of the whole seat that fell into the period."""
    so_far: Counter[str] = Counter()
    items = []
    for record in facts.everything:
        so_far[record.kind] += 1
        nth = so_far[record.kind]
        if nth in MILESTONES.get(record.kind, ()) and facts.period.year in (None, record.year):
            kind = KINDS[record.kind]
            title = f"第一次{kind.label}" if nth == 1 else f"第 {nth} {kind.unit}：{kind.label}"
            items.append(item(title, open_title(record), record.on))
    if not items:
        return None
    round_ones = [i for i in items if not i["title"].startswith("第一次")]
    text = f"迎来了{(round_ones or items)[-1]['title'].replace('：', '')}。"
    return section("milestones", "里程碑", text, items=items)


SECTIONS: dict[SectionKind, Section] = {
    "updates": updates,
    "deliberation": deliberation,
    "keywords": keywords,
    "companions": companions,
    "milestones": milestones,
}
