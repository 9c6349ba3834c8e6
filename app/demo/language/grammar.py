"""A small grammar that writes: `<x>` draws from the list named x, `(a|b|)` draws one of its parts.

Rules are lists of phrases. Within one text a phrase is not drawn twice as long as others are left to try. A phrase
that begins with `{a b}` fits only when one of these words holds: `{冬}天冷`; one that begins with two such lists needs
a word of each. Every list must keep a phrase that fits.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from random import Random
from typing import Any

import yaml


class Phrase(tuple[Any, ...]):  # noqa: SLOT001 - tuples with slots cannot hold more
    """A sequence of literal text, names of rules (`Name`) and choices (tuples of phrases); `when` it fits."""

    when: tuple[frozenset[str], ...] = ()

    def fits(self, words: AbstractSet[str]) -> bool:
        """Whether a word of each of its conditions holds."""
        return not any(words.isdisjoint(some) for some in self.when)


Rules = dict[str, tuple[Phrase, ...]]

_CORPUS = Path(__file__).parent / "corpus"
_CONDITIONS = re.compile(r"(?:\{[^{}]+\})*")
_TOKEN = re.compile(r"<(\w+)>|\(([^()]*\|[^()]*)\)")
_RETRIES = 4


class Name(str):
    """The name of a rule inside a phrase."""

    __slots__ = ()


def parse(text: str) -> Phrase:
    """A phrase from its written form."""
    parts: list[Any] = []
    conditions = _CONDITIONS.match(text)
    end = conditions.end() if conditions else 0
    for token in _TOKEN.finditer(text, end):
        parts.append(text[end : token.start()])
        parts.append(Name(token[1]) if token[1] else tuple(parse(option) for option in token[2].split("|")))
        end = token.end()
    parts.append(text[end:])
    phrase = Phrase(part for part in parts if part != "")
    if conditions and conditions[0]:
        phrase.when = tuple(frozenset(some.split()) for some in re.findall(r"\{([^{}]+)\}", conditions[0]))
    return phrase


def corpus(name: str) -> Any:
    """The parsed YAML of one corpus file."""
    with (_CORPUS / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, yaml.CSafeLoader)


def rules(data: Mapping[str, str | Sequence[str]]) -> Rules:
    """Rules from a mapping of names to lists; a string is a list separated by slashes."""
    return {
        name: tuple(parse(text) for text in (texts.split("/") if isinstance(texts, str) else texts))
        for name, texts in data.items()
    }


def expand(
    known: Rules, phrase: Phrase, rng: Random, slots: Mapping[str, str], words: AbstractSet[str] = frozenset()
) -> str:
    """The text of a phrase where `words` hold; names in `slots` stand for fixed text, others must be in `known`."""
    out: list[str] = []
    _expand(known, phrase, rng.random, slots, words, out, set())
    return "".join(out)


def _expand(
    known: Rules,
    phrase: Phrase,
    chance: Any,
    slots: Mapping[str, str],
    words: AbstractSet[str],
    out: list[str],
    used: set[int],
) -> None:
    for part in phrase:
        kind = type(part)
        if kind is str:
            out.append(part)
            continue
        if kind is Name:
            if part in slots:
                out.append(slots[part])
                continue
            part = known[part]  # noqa: PLW2901
        drawn, tries = part[int(chance() * len(part))], 0
        while (drawn.when and not drawn.fits(words)) or (tries < _RETRIES and id(drawn) in used):
            drawn = part[int(chance() * len(part))]
            tries += 1
        if kind is Name:
            used.add(id(drawn))
        _expand(known, drawn, chance, slots, words, out, used)
