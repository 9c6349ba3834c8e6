"""Writes what the members and staff of the demo city say. Repeatable: the same generator gives the same texts."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import NamedTuple
from zlib import crc32

from app.demo.language.grammar import Phrase, Rules, corpus, expand, rules
from app.feed.schemas import UpdateKind

_NUMERALS = "一二三四五六七八九十"
#: What members write updates about, with the kind of duty that it is.
UPDATE_KINDS = {
    "research": UpdateKind.RESEARCH,
    "supervise": UpdateKind.RESEARCH,
    "visit": UpdateKind.VISIT,
    "reception": UpdateKind.VISIT,
    "study": UpdateKind.STUDY,
    "charity": UpdateKind.CHARITY,
    "meeting": UpdateKind.MEETING,
    "work": UpdateKind.WORK,
    "thought": UpdateKind.OTHER,
    "newcomer": UpdateKind.STUDY,
}


#: Those that tell of having been somewhere.
OUTSIDE = {"research", "supervise", "visit", "reception", "charity", "newcomer"}
#: Those that happen where people live.
_AT_HOME = {"visit", "reception", "charity", "work"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A concern of city life: its field, the unit that handles it, and the words to speak of it."""

    field: str
    unit: str
    titles: tuple[Phrase, ...]
    rules: Rules
    #: What holds in every text about it: its field, 城 or 乡, 民生.
    words: frozenset[str]


@cache
def _shared() -> Rules:
    """The rules that all themes and books have in common."""
    found: Rules = {}
    for name in ("places", "replies", "updates", "papers", "handling", "findings", "outreach"):
        found |= rules(corpus(name))
    return found


@cache
def themes() -> tuple[Theme, ...]:
    """All themes of the demo city."""
    shared = _shared()
    found = []
    for entry in corpus("themes"):
        words = {"why": entry["why"], "thing": entry["things"], "who": entry["who"]}
        words |= {"act": entry["acts"], "fault": entry["faults"], "unit": [entry["unit"]]}
        about = {entry["field"], entry.get("setting", "城")}
        if entry["field"] not in {"经济发展", "科技人才", "文化旅游"}:
            about.add("民生")  # what people ask of anybody who comes to their door
        titles = tuple(rules({"title": entry["titles"]})["title"])
        found.append(Theme(entry["field"], entry["unit"], titles, shared | rules(words), frozenset(about)))
    return tuple(found)


@cache
def fields() -> tuple[str, ...]:
    """The fields of city life, in the order of the corpus."""
    return tuple(dict.fromkeys(theme.field for theme in themes()))


@cache
def books() -> tuple[Theme, ...]:
    """What is read: one theme for each book, so that notes and answers keep to it."""
    entries = corpus("books")
    found = []
    for entry in entries:
        quoted = [f"“{quote}。”" for quote in entry["quotes"]]
        quoted = [
            f"{lead}{quote}"
            for quote in quoted
            for lead in ("书中说：", "摘一句放在这里：", "有一句读了又读：")
        ]
        words = {
            "book": [f"《{entry['title']}》"],
            "author": [entry["author"]],
            "other": [f"《{other['title']}》" for other in entries if other is not entry],
            "idea": entry["ideas"],
            "quoted": quoted or ["最耐读的是讲<idea>的那一节。", "讲<idea>的一节，读了两遍。"],
        }
        found.append(Theme("读书", "", (), _shared() | rules(words), frozenset("城")))
    return tuple(found)


class ProposalText(NamedTuple):
    """案由, 情况分析, 具体建议."""

    title: str
    situation: str
    suggestions: str

    def acts(self) -> list[str]:
        """What it suggests, without the sentences that go into detail."""
        return [line.split("、", 1)[1].split("。", 1)[0] for line in self.suggestions.split("\n")[1:]]


class TopicText(NamedTuple):
    """A topic with its papers `(title, body)` and the report of its outcome."""

    title: str
    summary: str
    papers: list[tuple[str, str]]
    report: str


class Writer:
    """Writes texts with one source of chance; `words` say what holds when a text is written (see grammar.py)."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._packs: dict[str, list[int]] = {}
        self._said: set[int] = set()

    def say(self, theme: Theme, rule: str, words: AbstractSet[str] = frozenset(), **slots: str) -> str:
        """A text by one rule of the corpus, not by a phrase that was used lately."""
        holds, options = words | theme.words, theme.rules[rule]
        pack = self._packs.get(rule)
        if pack is None or len(pack) != len(options):
            pack = self._packs[rule] = self.rng.sample(range(len(options)), len(options))
        at = next(at for at, n in enumerate(pack) if not options[n].when or options[n].fits(holds))
        n = pack.pop(at)
        pack.insert(len(pack) - int(self.rng.random() * (len(pack) // 2 + 1)), n)
        return expand(theme.rules, options[n], self.rng, slots, holds)

    def new(self, theme: Theme, rule: str, words: AbstractSet[str], **slots: str) -> str:
        """A text that this writer has not written before, as far as a few tries find one."""
        for _ in range(8):
            text = self.say(theme, rule, words, **slots)
            mark = crc32(text.encode())
            if mark not in self._said:
                break
        self._said.add(mark)
        return text

    def subject(self, theme: Theme, place: str = "") -> str:
        """What a theme is about, as a verb phrase: 缓解停车难问题."""
        return expand(theme.rules, self.rng.choice(theme.titles), self.rng, {"p": place})

    def update(self, rule: str, theme: Theme, words: AbstractSet[str]) -> tuple[str, str | None]:
        """An update by one of the rules in `UPDATE_KINDS`, with the place that it names."""
        where = self.say(theme, "home" if rule in _AT_HOME else "scene")
        body = self.new(theme, rule, words, where=where, title=self.subject(theme))
        return body, where if where in body else None

    def narrowed(self, theme: Theme, text: str) -> Theme:
        """A theme whose concerns are those that a text names, when it names any."""
        named = tuple(thing for thing in theme.rules["thing"] if thing[0] in text)
        return replace(theme, rules=theme.rules | {"thing": named}) if named else theme

    def proposal(self, theme: Theme, words: AbstractSet[str]) -> ProposalText:
        """A proposal in its three parts, 400 to 1,500 characters."""
        subject = self.subject(theme, self.say(theme, "place"))
        title = f"关于{self.say(theme, 'verb')}{subject}的建议"
        faults, acts = self._several(theme, "fault", 2, 4), self._several(theme, "act", 3, 5)
        situation = [self.say(theme, "cause", words), self.say(theme, "situation_open")]
        details, howtos = self._dealt(theme, "detail"), self._dealt(theme, "howto")
        for numeral, fault in zip(_NUMERALS, faults, strict=False):
            situation.append(f"（{numeral}）{fault}。{next(details)}")
        suggestions = [self.say(theme, "suggest_open")]
        for numeral, act in zip(_NUMERALS, acts, strict=False):
            suggestions.append(f"{numeral}、{act}。{next(howtos)}")
        return ProposalText(title, "\n".join(situation), "\n".join(suggestions))

    def reply(
        self,
        theme: Theme,
        acts: list[str],
        taken: list[bool],
        promise: str | None,
        *,
        again: bool,
        **slots: str,
    ) -> str:
        """A unit's reply to the suggestions of a proposal; what it promises, it promises about the first."""
        lines = [self.say(theme, "reply_again" if again else "reply_open", frozenset(), **slots)]
        for numeral, act, is_taken in zip(_NUMERALS, acts, taken, strict=False):
            rule = "reply_taken" if is_taken else "reply_left"
            if promise and act is acts[0]:
                slots["promise"], rule = promise, "reply_promised"
            quoted = act.replace("“", "‘").replace("”", "’")
            lines.append(f"{numeral}、关于“{quoted}”的建议。{self.say(theme, rule, frozenset(), **slots)}")
        return "\n".join([*lines, self.say(theme, "reply_close", frozenset(), **slots), slots["unit"]])

    def opinion_report(self, theme: Theme, words: AbstractSet[str]) -> tuple[str, str]:
        """Title and body of an opinion report."""
        title = self.say(theme, "opinion_title", title=self.subject(theme, self.say(theme, "place")))
        return title, self.new(theme, "opinion_report", words)

    def topic(self, theme: Theme) -> TopicText:
        """A topic of online deliberation with its papers and outcome."""
        subject = self.subject(theme, self.rng.choice(("", "我市", "全市")))
        titles = self.rng.sample(theme.rules["paper_title"], self.rng.randint(1, 3))
        papers = [
            (expand(theme.rules, title, self.rng, {"title": subject}), self.say(theme, "paper"))
            for title in titles
        ]
        title = self.say(theme, "topic_title", title=subject)
        return TopicText(title, self.say(theme, "topic_intro"), papers, self.say(theme, "outcome"))

    def _several(self, theme: Theme, rule: str, least: int, most: int) -> list[str]:
        options = theme.rules[rule]
        drawn = self.rng.sample(options, min(len(options), self.rng.randint(least, most)))
        return [expand(theme.rules, phrase, self.rng, {}, theme.words) for phrase in drawn]

    def _dealt(self, theme: Theme, rule: str) -> Iterator[str]:
        """One to four sentences of a rule at a time, none twice as long as they last."""
        options = theme.rules[rule]
        pack: list[Phrase] = []
        while True:
            if len(pack) < 4:
                pack = self.rng.sample(options, len(options))
            hand = [pack.pop() for _ in range(self.rng.choice((1, 2, 2, 3, 3, 4)))]
            yield "".join(expand(theme.rules, phrase, self.rng, {}, theme.words) for phrase in hand)
