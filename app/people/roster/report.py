"""What a roster says, in the words of the report: posts, sectors, committees, terms, and who is missing."""

from collections import Counter

from app.core.excel.parsers import text
from app.people.models import POST_LABELS, Post
from app.people.roster.plan import RosterPlan
from app.people.service import id_of

_MANY = 10


def understood(plan: RosterPlan) -> list[str]:
    """How posts, sectors, committees and terms were understood, with the number of members of each."""
    posts = Counter((text(e.row.cell("post")), POST_LABELS[e.post]) for e in plan.entries if e.post)
    said = [f"“{word}”→ {label} {n} 人" for (word, label), n in posts.most_common()]
    if open_posts := sum(step.seat is None and step.entry.post is None for step in plan.steps):
        said.append(f"没有填写的，新增为{POST_LABELS[Post.MEMBER]} {open_posts} 人")
    terms = Counter(step.term.name for step in plan.steps)
    sectors = Counter(entry.sector for entry in plan.entries if entry.sector)
    committees = Counter(name for entry in plan.entries for name in entry.committees or ())
    return [
        f"{what}：{'，'.join(words)}。"
        for what, words in (
            ("届次", [f"{name} {n} 人" for name, n in terms.most_common()]),
            ("政协职务", said),
            ("界别", [f"{name} {n} 人" for name, n in sectors.most_common()]),
            ("专委会", [f"{name} {n} 人" for name, n in committees.most_common()]),
        )
        if words
    ]


def missing(plan: RosterPlan) -> list[str]:
    """Members of the roster's terms whom it does not name."""
    named = {id_of(step.seat) for step in plan.steps if step.seat}
    terms = {step.term.id for step in plan.steps}
    left = [
        plan.people_by_id[s.person_id].name for s in plan.seats if s.term_id in terms and s.id not in named
    ]
    if not left:
        return []
    names = "、".join(left[:_MANY]) + ("等" if len(left) > _MANY else "")
    return [f"系统中另有 {len(left)} 名委员不在这份名册里，未作更改：{names}。"]


def names_changed(plan: RosterPlan) -> list[str]:
    """How names were understood that are written otherwise than they are stored."""
    changed = [f"{entry.written}→{entry.name}" for entry in plan.entries if entry.written and entry.name]
    if not changed:
        return []
    more = "等" if len(changed) > _MANY else ""
    return [f"有 {len(changed)} 个姓名按统一写法保存：{'、'.join(changed[:_MANY])}{more}。"]
