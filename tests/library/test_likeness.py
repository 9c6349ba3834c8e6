"""How well the labelled set is told apart, over the API, on both databases."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy import insert

from app.core import clock
from app.core.sql import table
from app.library import service
from app.proposals.models import Proposal
from tests.factories.city import City
from tests.factories.domains.proposals import opened_window
from tests.library.labelled import LABELS, LabelledSet, Text, labelled_set

ON_FILE, OF_EACH = 400, 30
#: What is published of the set: labels, and the share of their texts beside which the one on file that they were made
#: from is shown (of the last two labels: any), while they are typed, by their title alone, and to reviewers.
PUBLISHED = Path(__file__).parents[2] / "docs" / "performance.md"
LEAST = {"copy": 1.0, "keeps 90 %": 1.0, "keeps 70 %": 0.95, "keeps 50 %": 0.8}


def proposal(city: City, text: Text, author, state: str, window_id: int) -> dict:
    """The row of a proposal; through the API seven hundred would take minutes."""
    at = clock.now() - timedelta(days=3)
    return {
        "organization_id": city.organization_id,
        "term_id": city.term_id,
        "window_id": window_id,
        "account_id": author.account_id,
        "seat_id": author.seat_id,
        "title": text.title,
        "situation": text.body,
        "suggestions": "",
        "state": state,
        "created_at": at,
        "edited_at": at,
        "submitted_at": at,
        "filed_at": at if state == "filed" else None,
    }


class Shelf:
    """A city with the labelled set in it."""

    def __init__(self, city: City, texts: LabelledSet) -> None:
        self.texts, self.staff, self.member = texts, city.staff(), city.member()
        window = opened_window(self.staff)
        rows = [proposal(city, text, self.member, "filed", window) for text in texts.on_file]
        rows += [proposal(city, one.text, self.member, "submitted", window) for one in texts.new]
        with city.database.transaction() as db:
            conn = db.connection()
            conn.execute(insert(table(Proposal)), rows)
            service.gather(conn)
        service.index_all(city.database, lambda _stage, _done, _total: None)

    def similar(self, text: Text, *, body: str | None = None) -> dict[int, float]:
        """The places of those on file that are shown while a text is typed."""
        asked = {"title": text.title, "text": text.body if body is None else body}
        found = self.member.post("/api/v1/library/similar", asked).json()["items"]
        return {int(row["path"].rpartition("/")[2]) - 1: row["similarity"] for row in found}

    def duplicates(self, at: int) -> dict[int, float]:
        """The places of those on file that are nearly the same as the new text at a place."""
        path = f"/api/v1/library/proposals/{len(self.texts.on_file) + at + 1}/duplicates"
        found = self.staff.get(path).json()["items"]
        return {row["id"] - 1: row["similarity"] for row in found if row["state"] == "filed"}


@pytest.fixture
def shelf(city):
    return Shelf(city, labelled_set(ON_FILE, OF_EACH))


def test_texts_of_the_labelled_set_are_told_apart(shelf):
    ways = defaultdict(list)
    for at, (label, text, of) in enumerate(shelf.texts.new):
        for way, found in enumerate(
            (shelf.similar(text), shelf.similar(text, body=""), shelf.duplicates(at))
        ):
            ways[label, way].append(of in found if label in LEAST else bool(found))
    shares = {label: [mean(ways[label, way]) for way in range(3)] for label in LABELS}
    assert {label: least for label, least in LEAST.items() if min(shares[label][::2]) < least} == {}
    assert shares["unrelated"] == [0, 0, 0]
    assert shares["same subject"][2] == 0
    lines = [
        f"| {label} | {' | '.join(f'{share:.0%}'.replace('%', ' %') for share in shares[label])} |"
        for label in LABELS
    ]
    assert "\n".join(lines) in PUBLISHED.read_text()
