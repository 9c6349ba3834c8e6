"""The words of the last thirty days, from what members wrote for all to read; names of people are left out."""

from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from app.auth import subjects
from app.auth.actor import Actor
from app.cards.facts import Writing
from app.cards.gathering.writings import all_writings
from app.cards.keywords import Keyword, keywords
from app.core.errors import NotFound
from app.core.sql import table
from app.people.models import Person, Seat

DAYS = 30
_p, _s = table(Person), table(Seat)


class Month(NamedTuple):
    """The texts of some days, newest first, and the words that they have in common."""

    first: date
    last: date
    writings: list[Writing]
    words: list[Keyword]


def month(conn: Connection, organization_id: int, today: date) -> Month:
    """The words of the thirty days until today: two statements, whatever was written."""
    first = today - timedelta(days=DAYS - 1)
    writings = all_writings(conn, organization_id, first, today)
    members = (
        select(_p.c.name).join(_s, _s.c.person_id == _p.c.id).where(_s.c.organization_id == organization_id)
    )
    names = "\n".join(conn.scalars(members))  # one text is searched faster than thousands of names
    return Month(first, today, writings, keywords([each.text for each in writings], [names]))


def summary(of: Month) -> dict[str, Any]:
    """The words with how many texts they stand in."""
    return {
        "first": of.first,
        "last": of.last,
        "texts": len(of.writings),
        "words": [
            {
                "word": word,
                "count": len(places),
                "path": f"/api/v1/statistics/words/texts?{urlencode({'word': word})}",
            }
            for word, places in of.words
        ],
    }


def texts(conn: Connection, actor: Actor, of: Month, word: str) -> list[dict[str, Any]]:
    """The texts that a word of the month stands in, newest first; `NotFound` for other words."""
    places = next((found.texts for found in of.words if found.word == word), None)
    if places is None:
        raise NotFound(f"“{word}”已经不在近一个月的热词里。", code="no_such_word")
    writings = [of.writings[place] for place in places]
    links = subjects.links(conn, actor, {each.subject for each in writings})
    return [
        {
            "on": each.on,
            "kind_label": subjects.label(each.subject[0]),
            "title": link.title if link else subjects.label(each.subject[0]),
            "path": link and link.path,
        }
        for each in writings
        for link in [links.get(each.subject)]
    ]
