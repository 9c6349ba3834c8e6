"""A small grammar that writes: `<x>` draws from the list named x, `(a|b|)` draws one of its parts.

Rules are lists of phrases. Within one text a phrase is not drawn twice as long as others are left to try.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml

#: A phrase is a sequence of literal text, names of rules (`Name`) and choices (tuples of phrases).
Phrase = tuple["str | Name | tuple[Any, ...]", ...]
Rules = dict[str, tuple[Phrase, ...]]

_CORPUS = Path(__file__).parent / "corpus"
_TOKEN = re.compile(r"<(\w+)>|\(([^()]*\|[^()]*)\)")
_RETRIES = 4


class Name(str):
    """The name of a rule inside a phrase."""

    __slots__ = ()


def parse(text: str) -> Phrase:
    """A phrase from its written form."""
    parts: list[Any] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[end : token.start()])
        parts.append(Name(token[1]) if token[1] else tuple(parse(option) for option in token[2].split("|")))
        end = token.end()
    parts.append(text[end:])
    return tuple(part for part in parts if part != "")


def corpus(name: str) -> Any:
    """The parsed YAML of one corpus file."""
    with (_CORPUS / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, yaml.CSafeLoader)


def rules(data: Mapping[str, str | list[str]]) -> Rules:
    """Rules from a mapping of names to lists; a string is a list separated by slashes."""
    return {
        name: tuple(parse(text) for text in (texts.split("/") if isinstance(texts, str) else texts))
        for name, texts in data.items()
    }


def expand(known: Rules, phrase: Phrase, rng: Random, slots: Mapping[str, str]) -> str:
    """The text of a phrase; names in `slots` stand for fixed text, all others must be in `known`."""
    out: list[str] = []
    _expand(known, phrase, rng.random, slots, out, set())
    return "".join(out)


def _expand(
    known: Rules, phrase: Phrase, chance: Any, slots: Mapping[str, str], out: list[str], used: set[int]
) -> None:
    for part in phrase:
        kind = type(part)
        if kind is str:
            out.append(part)  # type: ignore[arg-type]
            continue
        if kind is Name:
            if part in slots:
                out.append(slots[part])  # type: ignore[index]
                continue
            options = known[part]  # type: ignore[index]
            drawn = options[int(chance() * len(options))]
            for _ in range(_RETRIES):
                if id(drawn) not in used:
                    break
                drawn = options[int(chance() * len(options))]
            used.add(id(drawn))
        else:
            drawn = part[int(chance() * len(part))]  # type: ignore[assignment]
        _expand(known, drawn, chance, slots, out, used)
