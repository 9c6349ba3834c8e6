"""The poster of a card: a PNG 1080 pixels wide that a member may share, in the design of its period or in large type.

It shows no rank, and never the section `shortfall`, which is for its owner alone.
"""

from typing import Literal

from app.cards.format import CardDict
from app.cards.posters import elder, term, year
from app.cards.posters.picture import Sections

#: `standard` is the design of a duty year or of a term, `elder` is either in large type.
Design = Literal["standard", "elder"]


def render(card: CardDict, verify_url: str, design: Design = "standard") -> bytes:
    """Return the poster as PNG bytes; the QR code opens `verify_url`, which must fit a QR code (2 kB at most)."""
    sections: Sections = {
        section["kind"]: section for section in card["sections"] if section["kind"] != "shortfall"
    }
    if design == "elder":
        return elder.render(card, sections, verify_url)
    if card["period"]["kind"] == "term":
        return term.render(card, sections, verify_url)
    return year.render(card, sections, verify_url)
