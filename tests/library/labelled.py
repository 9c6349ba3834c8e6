"""A labelled set: proposals on file, and texts of which it is known what they are beside them.

The phrases of the demo city are dealt into two halves. Those on file are written from the first; what is new is
written from the second, so that two texts on one subject share its words, but no sentence.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import NamedTuple

from app.demo.language.text import Theme, Writer, themes

#: What a text is beside the one on file that it was made from; `unrelated` ones are on a subject that none is on.
LABELS = ("copy", "keeps 90 %", "keeps 70 %", "keeps 50 %", "same subject", "unrelated")
_KEPT = {"keeps 90 %": 0.9, "keeps 70 %": 0.7, "keeps 50 %": 0.5}
_DEALT = ("cause", "why", "fault", "act", "detail", "howto", "situation_open", "suggest_open")


class Text(NamedTuple):
    title: str
    body: str


class Labelled(NamedTuple):
    """A text that is submitted, and the place of the one on file that it was made from."""

    label: str
    text: Text
    of: int


class LabelledSet(NamedTuple):
    on_file: list[Text]
    new: list[Labelled]


def labelled_set(on_file: int, of_each: int, seed: int = 7) -> LabelledSet:
    """So many texts on file, and `of_each` label so many texts made from different ones of them."""
    rng = Random(seed)
    known, strange = themes()[:-8], themes()[-8:]
    old, new = Writer(Random(seed + 1)), Writer(Random(seed + 2))
    subjects = [rng.choice(known) for _ in range(on_file)]
    filed = [_written(old, _half(subject, 0)) for subject in subjects]
    made = []
    for label in LABELS:
        for of in rng.sample(range(on_file), of_each):
            other = _written(new, _half(rng.choice(strange) if label == "unrelated" else subjects[of], 1))
            made.append(Labelled(label, _made(label, filed[of], other, rng), of))
    return LabelledSet(filed, made)


def _written(writer: Writer, theme: Theme) -> Text:
    title, situation, suggestions = writer.proposal(theme, frozenset())
    return Text(title, f"{situation}\n{suggestions}")


def _half(theme: Theme, which: int) -> Theme:
    """A theme with every second phrase."""
    always = {name: [phrase for phrase in theme.rules[name] if not phrase.when] for name in _DEALT}
    halves = {name: tuple(phrases[which::2]) for name, phrases in always.items() if len(phrases) > 3}
    return replace(theme, rules=theme.rules | halves)


def _made(label: str, filed: Text, other: Text, rng: Random) -> Text:
    if label == "copy":
        return Text(filed.title, filed.body.replace("，", ", ").replace("\n", "\n\n"))
    if label not in _KEPT:
        return other
    fresh, kept = _sentences(other.body), _KEPT[label]
    return Text(
        filed.title if rng.random() < kept else other.title,
        "".join(s if rng.random() < kept else next(fresh, "") for s in _sentences(filed.body)),
    )


def _sentences(text: str) -> Iterator[str]:
    return (f"{sentence}。" for sentence in text.replace("\n", "").split("。") if sentence)
