"""What the command palette finds: each domain has a `finder.py` that says it in one statement for each kind."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_

#: Hits of one kind.
MOST = 5


class Hit(NamedTuple):
    """Something that the reader may see: its kind, how it is called, what tells it from others, what opens it."""

    kind: str
    kind_label: str
    label: str
    sub_label: str
    path: str


def contains_words(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a text contains every word of another one, in any order."""
    return and_(True, *(column.contains(word, autoescape=True) for word in text.split()))
