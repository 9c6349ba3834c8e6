"""What the year adds up to: the board, the ledger, the card and its poster."""

import io
from pathlib import Path

from PIL import Image

from tests.story import workbooks
from tests.story.cast import Person


def what_the_year_adds_up_to(wen: Person, bai: Person, zhuo: Person, poster_path: Path) -> None:
    """Every figure is implied by what the three did."""

    def board(kind: str) -> list[tuple[int, str, float, dict[str, int]]]:
        rows = wen.get(f"/leaderboard?window=duty_year&on=2026-12-31&board={kind}")["items"]
        return [(r["rank"], r["seat"]["name"], r["heat"], r["parts"]) for r in rows]

    def parts(opinions: int, replies: int, updates: int, echoes: int) -> dict[str, int]:
        return {"opinions": opinions, "replies": replies, "updates": updates, "echoes": echoes}

    assert board("all") == [
        # spoke on 3 and 4 Mar, 6 May, 31 Dec; two members responded in March, two in May
        (1, wen.name, 8, parts(2, 0, 2, 4)),
        # spoke on 3 Mar and 10 Sep, one response; the update was deleted, the rude reply hidden
        (2, bai.name, 3, parts(1, 1, 0, 1)),
        (3, zhuo.name, 2, parts(1, 1, 0, 0)),
    ]
    assert board("standing") == [], "a word of thanks is no speaking"

    ledger = {row["kind"]: row["records"] for row in wen.get(f"/seats/{wen.seat_id}/record-counts?year=2026")}
    assert ledger == {
        "update.posted": 2,
        "reply.posted": 4,
        "topic.joined": 1,
        "proposal.submitted": 1,
        "proposal.filed": 1,
        "proposal.marked_key": 1,
        "proposal.commended": 1,
        "opinion.submitted": 1,
        "opinion.issued": 1,
        "opinion.adopted": 1,
        "opinion.commented": 1,
        "reading.logged": 2,
        "reading.noted": 1,
        "reading.commended": 1,
        "activity.attended": 1 + workbooks.ATTENDED[1],
    }
    theirs = {row["kind"]: row["records"] for row in bai.get(f"/seats/{bai.seat_id}/record-counts?year=2026")}
    assert theirs["proposal.filed"] == 1, "a co-signer has a share in it"
    assert "update.posted" not in theirs

    card = wen.get(f"/cards/{wen.seat_id}/2026")
    assert card["seat"]["name"] == wen.name
    figures = {(s["kind"], f["key"]): f["value"] for s in card["sections"] for f in s["figures"]}
    expected_on_the_card(figures)
    shared = bai.get(f"/cards/{wen.seat_id}/2026")
    assert "shortfall" not in {s["kind"] for s in shared["sections"]}, "what fell short is private"
    poster = wen.get(f"/cards/{wen.seat_id}/2026/poster.png")
    assert Image.open(io.BytesIO(poster)).width == 1080
    poster_path.parent.mkdir(parents=True, exist_ok=True)
    poster_path.write_bytes(poster)


def expected_on_the_card(figures: dict[tuple[str, str], int]) -> None:
    """The figures that the year implies for 闻溪岚."""
    assert figures == {
        # 15 and 18 Jan, 3 and 4 Mar, 6 May, 12 Jun, 2 Jul, 10 Sep, 5 Nov, 31 Dec: what others decided is no day of hers
        ("opening", "days"): 10,
        ("opening", "filed"): 1,
        ("opening", "opinion_reports"): 1,
        ("opening", "said"): 4,
        ("opening", "updates"): 2,
        ("opening", "attended"): 4,
        ("opening", "minutes"): 75,
        ("days", "days"): 10,
        ("days", "acts"): 2 + 4 + 1 + 1 + 1 + 2 + 1 + 1 + workbooks.ATTENDED[1],
        ("days", "streak"): 2,
        ("updates", "updates"): 2,
        ("updates", "supports"): 3,
        ("updates", "answers"): 4,  # the leader has no seat and counts for nobody
        ("deliberation", "topics"): 1,
        ("deliberation", "opinions"): 3,
        ("deliberation", "replies"): 1,
        ("proposals", "filed"): 1,
        ("proposals", "submitted"): 1,
        ("proposals", "key"): 1,
        ("proposals", "commended"): 1,
        ("opinions", "opinion_reports"): 1,
        ("opinions", "adopted"): 1,
        ("opinions", "commented"): 1,
        ("activities", "attended"): 4,
        ("activities", "half_days"): 4,
        ("reading", "minutes"): 75,
        ("reading", "books"): 1,
        ("reading", "notes"): 1,
        ("reading", "commended_notes"): 1,
    }
