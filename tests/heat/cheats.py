"""Twelve ways to cheat, each as acts that a member adds to an honest month; accomplices are members of the city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, permutations
from random import Random

from app.core.language.words import measured
from app.heat import formula
from tests.heat.city_of_acts import Did
from tests.points.world import at

#: What a hard-working cheat writes: random, but of substance.
_CHARACTERS = (
    "天地人和水木金火土山川日月风云雨雪花草树鸟鱼虫学校医院道路桥梁公园社区街道老人孩子停车电梯养老就业环境"
)


@dataclass
class Stage:
    """A month in which `me` cheats: the day it is, who helps, who has never spoken, and texts that others wrote."""

    me: int
    month: str
    friends: Sequence[int]
    silent: Sequence[int]
    texts: Sequence[str]
    chance: Random = field(default_factory=lambda: Random(7))
    heard: set[int] = field(default_factory=set)
    n: count = field(default_factory=lambda: count(10**9))

    def moment(self, day: int, hour: int = 9, minute: int = 0) -> datetime:
        return at(f"{self.month}-{day:02} {hour:02}:00") + timedelta(minutes=minute)

    def text(self, characters: int = 40) -> str:
        return "".join(self.chance.choice(_CHARACTERS) for _ in range(characters))

    def did(
        self,
        what: str,
        by: int,
        moment: datetime,
        body: str = "",
        to: int | None = None,
        topic: int | None = None,
    ) -> Did:
        known, flaw = measured(body), None
        if what != "support":
            flaw = formula.flaw(0 if known["fingerprint"] in self.heard else known["substance"])
            self.heard.add(known["fingerprint"])
        return Did(what, moment, moment.date(), by, to, topic, flaw, next(self.n))


def junk(s: Stage) -> list[Did]:
    return [s.did("update", s.me, s.moment(20, 9, n), "好") for n in range(12)]


def good_good(s: Stage) -> list[Did]:
    return _chat(s, 1, lambda: "好")


def talking_pair(s: Stage) -> list[Did]:
    return _chat(s, 20, s.text)


def _chat(s: Stage, days: int, text: Callable[[], str]) -> list[Did]:
    friend, said = s.friends[0], []
    for day in range(1, days + 1):
        for n in range(15):
            said.append(s.did("reply", friend, s.moment(day, 10, 2 * n), text(), s.me))
            said.append(s.did("reply", s.me, s.moment(day, 10, 2 * n + 1), text(), friend))
    return said


def ring(s: Stage) -> list[Did]:
    members, did = [*s.friends[:4], s.me], []
    for day in range(1, 21):
        did += [s.did("update", one, s.moment(day, 9, n), s.text()) for n, one in enumerate(members)]
        pairs = enumerate(permutations(members, 2))
        did += [s.did("support", by, s.moment(day, 10, n), to=to) for n, (by, to) in pairs]
    return did


def trading(s: Stage) -> list[Did]:
    """Two members support everything of each other, every day."""
    did = []
    for day in range(1, 21):
        did += [s.did("support", s.friends[0], s.moment(day, 8, n), to=s.me) for n in range(5)]
        did += [s.did("support", s.me, s.moment(day, 9, n), to=s.friends[0]) for n in range(5)]
    return did


def old_threads(s: Stage) -> list[Did]:
    """A reply under forty old updates."""
    others = [seat for seat in s.friends if seat != s.me]
    return [
        s.did("reply", s.me, s.moment(1 + n // 2, 20, n), s.text(), others[n % len(others)])
        for n in range(40)
    ]


def sessions(s: Stage) -> list[Did]:
    """Four short visits a day, each with a post."""
    return [
        s.did("update", s.me, s.moment(day, hour), s.text(20))
        for day in range(1, 21)
        for hour in (8, 11, 15, 21)
    ]


def copies(s: Stage) -> list[Did]:
    s.heard |= {measured(text)["fingerprint"] for text in s.texts}
    return [s.did("update", s.me, s.moment(2 + n), text) for n, text in enumerate(s.texts[:12])]


def bought(s: Stage) -> list[Did]:
    """One post that all support who never say anything."""
    post = s.did("update", s.me, s.moment(15), s.text())
    return [post, *(s.did("support", by, s.moment(15, 10, n), to=s.me) for n, by in enumerate(s.silent))]


def split(s: Stage) -> list[Did]:
    """One text in twelve posts."""
    text = s.text(240)
    return [s.did("update", s.me, s.moment(18, 9, n), text[20 * n : 20 * n + 20]) for n in range(12)]


def spam(s: Stage) -> list[Did]:
    """Thirty opinions in a popular topic."""
    return [s.did("opinion", s.me, s.moment(18, 9, n), s.text(), topic=1) for n in range(30)]


def many_topics(s: Stage) -> list[Did]:
    """One opinion in each of ten topics on one day."""
    return [s.did("opinion", s.me, s.moment(19, 9, n), s.text(), topic=n) for n in range(10)]


def honest_post(s: Stage) -> list[Did]:
    """No cheat: one post on a quiet day, and one member who has not responded yet this month."""
    return [
        s.did("update", s.me, s.moment(24), s.text()),
        s.did("reply", s.friends[0], s.moment(24, 10), s.text(), s.me),
    ]


def trading_with_ten(s: Stage) -> list[Did]:
    """Ten active members respond first, each once, and are responded to in return: to the formula they are honest."""
    did = []
    for n, friend in enumerate(s.friends[:10]):
        did.append(s.did("support", friend, s.moment(12, 8, n), to=s.me))
        did.append(s.did("support", s.me, s.moment(12, 9, n), to=friend))
    return did


CHEATS: dict[str, Callable[[Stage], list[Did]]] = {
    "十二条“好”": junk,
    "两人互答“好”十五次": good_good,
    "两人每天互答十五句，共二十天": talking_pair,
    "五人互相点赞，共二十天": ring,
    "两人互相赞同，每天五次，共二十天": trading,
    "在四十条旧动态下回复": old_threads,
    "每天四次登录各发一条，共二十天": sessions,
    "照抄别人的十二条动态": copies,
    "请从不发言的委员赞同": bought,
    "一篇文字拆成十二条": split,
    "在热门议题下连发三十条意见": spam,
    "一天在十个议题各发一条意见": many_topics,
}
#: What the formula alone cannot tell from honest acts: staff are shown it.
LIMITS: dict[str, Callable[[Stage], list[Did]]] = {"十位活跃委员先赞同，再逐一回赠": trading_with_ten}
