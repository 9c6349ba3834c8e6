"""How texts and queries become tokens: the two-character pieces of each run of Han characters, and other words whole.

Word segmentation misses names and parts of words; pieces of two find every word of two characters or more.
A change here asks for `lvyi reindex`.
"""

import re
from collections.abc import Iterator

from app.core.language.fulltext import SearchPhrase
from app.core.language.words import pieces, runs

_ASKED = re.compile(r'["“”]([^"“”]*)["“”]|([^\s"“”]+)')
#: Characters of an excerpt before and after what was looked for.
_BEFORE, _AFTER = 16, 44
#: Marks the pieces of a title, which stand in the index a second time: no text holds such a token.
_TITLE_MARK = "《"


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order; a run of Han characters ends with its last character alone.

    So every character begins a token, and one character is found as the beginning of tokens.
    """
    found = []
    for word, is_han in runs(text):
        found += [word[n : n + 2] for n in range(len(word))] if is_han else [word]
    return found


def of_title(text: str) -> set[str]:
    """The distinct tokens of a title, as those of titles."""
    return {_TITLE_MARK + piece for piece in pieces(text)}


def indexed(title: str, body: str) -> list[str]:
    """The tokens under which a document is found."""
    return [*sorted(of_title(title)), *tokens(title), *tokens(body)]


def phrases(query: str) -> list[SearchPhrase]:
    """What a person looks for: words between blanks, and what stands in quotes, must all be there as they stand."""
    return list(_phrases(query))


def _phrases(query: str) -> Iterator[SearchPhrase]:
    for quoted, word in _ASKED.findall(query):
        found = tokens(quoted or word)
        if not found:
            continue
        *_, (last, is_han) = runs(quoted or word)
        if is_han and len(last) > 1:
            found.pop()  # the end of a run: in the text it may go on
        yield SearchPhrase(tuple(found), open=is_han and len(last) == 1)


def excerpt(query: str, text: str) -> str | None:
    """What stands around the first word that a person looked for, on one line; None where none of them stands so."""
    asked = "|".join(re.escape(quoted or word) for quoted, word in _ASKED.findall(query) if quoted or word)
    found = re.search(asked, text, re.IGNORECASE) if asked else None
    if found is None:
        return None
    start, end = max(found.start() - _BEFORE, 0), found.end() + _AFTER
    cut = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"
