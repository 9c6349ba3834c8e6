"""Writes what the members and staff of the demo city say. Repeatable: the same generator gives the same texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

from app.demo.grammar import Phrase, Rules, corpus, expand, rules
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
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A concern of city life: its field, the unit that handles it, and the words to speak of it."""

    field: str
    unit: str
    titles: tuple[Phrase, ...]
    rules: Rules


@cache
def themes() -> tuple[Theme, ...]:
    """All themes of the demo city."""
    shared: Rules = {}
    for name in ("places", "replies", "updates", "papers"):
        shared |= rules(corpus(name))
    found = []
    for entry in corpus("themes"):
        words = {"why": entry["why"], "thing": entry["things"], "who": entry["who"]}
        words |= {"act": entry["acts"], "fault": entry["faults"], "unit": [entry["unit"]]}
        titles = tuple(rules({"title": entry["titles"]})["title"])
        found.append(Theme(entry["field"], entry["unit"], titles, shared | rules(words)))
    return tuple(found)


@cache
def fields() -> tuple[str, ...]:
    """The fields of city life, in the order of the corpus."""
    return tuple(dict.fromkeys(theme.field for theme in themes()))


class ProposalText(NamedTuple):
    """案由, 情况分析, 具体建议."""

    title: str
    situation: str
    suggestions: str


class TopicText(NamedTuple):
    """A topic with its papers `(title, body)` and the report of its outcome."""

    title: str
    summary: str
    papers: list[tuple[str, str]]
    report: str


class Writer:
    """Writes texts with one source of chance."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def say(self, theme: Theme, rule: str, **slots: str) -> str:
        """A text by one rule of the corpus."""
        options = theme.rules[rule]
        return expand(theme.rules, options[int(self.rng.random() * len(options))], self.rng, slots)

    def subject(self, theme: Theme, place: str = "") -> str:
        """What a theme is about, as a verb phrase: 缓解停车难问题."""
        return expand(theme.rules, self.rng.choice(theme.titles), self.rng, {"p": place})

    def opinion(self, theme: Theme) -> str:
        """An opinion in a topic."""
        return self.say(theme, "opinion")

    def reply(self, theme: Theme, rule: str, to: str) -> str:
        """An answer by `rule` (reply, under_update, answer, reading) to the member named `to`."""
        return self.say(theme, rule, at=to)

    def update(self, rule: str, theme: Theme) -> tuple[str, str]:
        """An update by one of the rules in `UPDATE_KINDS`, with its place."""
        where = self.say(theme, "scene")
        body = self.say(theme, rule, where=where, title=self.subject(theme))
        return body, where

    def proposal(self, theme: Theme) -> ProposalText:
        """A proposal in its three parts, 400 to 1,500 characters."""
        place = self.say(theme, "place")
        title = f"关于{self.say(theme, 'verb')}{self.subject(theme, place)}的建议"
        faults, acts = self._several(theme, "fault", 2, 4), self._several(theme, "act", 3, 5)
        situation = [self.say(theme, "cause"), self.say(theme, "situation_open")]
        details, howtos = self._dealt(theme, "detail"), self._dealt(theme, "howto")
        for numeral, fault in zip(_NUMERALS, faults, strict=False):
            situation.append(f"（{numeral}）{fault}。{next(details)}")
        suggestions = [self.say(theme, "suggest_open")]
        for numeral, act in zip(_NUMERALS, acts, strict=False):
            suggestions.append(f"{numeral}、{act}。{next(howtos)}")
        return ProposalText(title, "\n".join(situation), "\n".join(suggestions))

    def opinion_report(self, theme: Theme) -> tuple[str, str]:
        """Title and body of an opinion report."""
        title = self.say(theme, "opinion_title", title=self.subject(theme, self.say(theme, "place")))
        return title, self.say(theme, "opinion_report")

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
        return [expand(theme.rules, phrase, self.rng, {}) for phrase in drawn]

    def _dealt(self, theme: Theme, rule: str) -> Iterator[str]:
        """One to four sentences of a rule at a time, none twice as long as they last."""
        options = theme.rules[rule]
        pack: list[Phrase] = []
        while True:
            if len(pack) < 4:
                pack = self.rng.sample(options, len(options))
            hand = [pack.pop() for _ in range(self.rng.choice((1, 2, 2, 3, 3, 4)))]
            yield "".join(expand(theme.rules, phrase, self.rng, {}) for phrase in hand)
