"""The keywords of what somebody wrote: words, and pairs of them, by how many of the texts they stand in.

Segmentation is that of `rjieba`; what counts as a word is said by its tag, what says nothing by `lexicon/stop.txt`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rjieba import Jieba

#: Fewer texts, or fewer words in common, tell nothing.
FEWEST_TEXTS, FEWEST_WORDS = 3, 3
#: A word is one of at least this many texts.
SHARED_BY = 2
MOST_WORDS = 8

#: Above the frequency of any word in the segmenter's dictionary.
_LANGUAGE = 1_000_000
_MENTION = re.compile(r"@\S+")
_LEXICON = Path(__file__).parent / "lexicon"
_TERM_WEIGHT = 1_000
#: Nouns, and verbs and adjectives used as such; those of people (nr), organizations (nt) and places (ns) are none.
_WORD = frozenset({"n", "nz", "vn"})
#: What goes before a noun to make one notion of both: 社区食堂, 地下管网.
_BEFORE = _WORD | {"a", "an", "b", "j", "s"}
_LONGEST_PAIR = 6


class Keyword(NamedTuple):
    """A word and which of the texts it stands in, by their places."""

    word: str
    texts: list[int]


@cache
def _segmenter() -> "Jieba":
    """The segmenter with the terms of the field: 0.15 s and 40 MB, which only a process that computes cards pays."""
    import rjieba  # noqa: PLC0415

    segmenter = rjieba._DEFAULT_JIEBA  # noqa: SLF001 - another one would take as much memory again
    for term in _listed("terms"):
        segmenter.add_word(term, _TERM_WEIGHT, "n")
    return segmenter


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (_LEXICON / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def keywords(texts: Sequence[str], names: Collection[str] = ()) -> list[Keyword]:
    """The most telling words of `texts`, of most texts first; none that is part of one of the `names`."""
    distinct: dict[str, int] = {}
    for place, text in enumerate(texts):
        distinct.setdefault(text, place)  # who says the same again says nothing more
    if len(distinct) < FEWEST_TEXTS:
        return []
    places: dict[str, list[int]] = defaultdict(list)
    often: Counter[str] = Counter()
    for text, place in distinct.items():
        words = Counter(_words(text))
        often.update(words)
        for word in words:
            places[word].append(place)
    shared = [
        word
        for word, found in places.items()
        if len(found) >= SHARED_BY and not any(word in name for name in names)
    ]
    weight = {word: len(places[word]) * _telling(word) for word in shared}
    shared.sort(key=lambda word: (-weight[word], -often[word], word))
    chosen: list[str] = []
    for word in shared:
        if len(chosen) == MOST_WORDS:
            break
        told_by = any(
            word in other != word and 2 * len(places[other]) > len(places[word]) for other in shared
        )
        if not told_by and not any(_overlap(word, other) for other in chosen):
            chosen.append(word)
    chosen.sort(key=lambda word: -len(places[word]))
    return [Keyword(word, places[word]) for word in chosen] if len(chosen) >= FEWEST_WORDS else []


def _overlap(one: str, other: str) -> bool:
    """Whether two notions are, or may be, pieces of the same words: 专职心理 and 心理教师."""
    return one in other or other in one or one.endswith(other[:2]) or other.endswith(one[:2])


def _telling(word: str) -> float:
    """How much a word says: the more, the rarer it is in the language at large."""
    return log(_LANGUAGE / _segmenter().suggest_freq(word))


def _words(text: str) -> Iterator[str]:
    """The words of a text and the notions that two of them make together, as often as they stand there."""
    stop, wide, terms = _listed("stop"), _listed("wide"), _listed("terms")
    segmenter = _segmenter()
    tagged = [
        (word, "n" if word in terms else tag)
        if len(word) > 1
        and (tag in _BEFORE or word in terms)
        and word not in stop
        and segmenter.has_word(word)  # what it guessed is no word
        else ("", "")
        for word, tag in segmenter.tag(_MENTION.sub(" ", text))
    ]
    yield from (word for word, tag in tagged if tag in _WORD and word not in wide)
    for (first, before), (second, after) in pairwise(tagged):
        both = first + second
        if before in _BEFORE and after in _WORD and len(both) <= _LONGEST_PAIR and both not in stop:
            yield both
