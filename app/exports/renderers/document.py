"""A document as the renderers for Word and PDF take it: blocks of text and tables, and the styles they are set in.

Sizes and spaces are those of official documents (GB/T 9704): A4, text of 156 × 225 mm, in 22 lines of 28 pt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.core.language.fonts import Face

MM = 72 / 25.4
#: Width and height of the page, and its margins, in points.
PAGE = (210 * MM, 297 * MM)
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
ROOM = PAGE[0] - LEFT - RIGHT
PITCH = 28.0
BLACK, RED = "000000", "C8161D"

StyleName = Literal[
    "issuer",
    "issue",
    "number",
    "title",
    "chapter",
    "heading",
    "caption",
    "body",
    "left",
    "closing",
    "label",
    "cell",
    "page",
]


@dataclass(frozen=True)
class TextStyle:
    """How a paragraph is set, in points; `indent` and `right` in characters, `rule` is a line under it.

    `keep`: what follows begins on the same page. `even`: its lines are about equally long. `fresh`: it begins a page.
    """

    label: str
    face: Face = "book"
    size: float = 16
    leading: float = PITCH
    align: Literal["both", "left", "center", "right"] = "both"
    indent: int = 0
    right: int = 0
    before: float = 0
    after: float = 0
    color: str = BLACK
    rule: bool = False
    keep: bool = False
    even: bool = False
    fresh: bool = False


STYLES: dict[StyleName, TextStyle] = {
    "issuer": TextStyle("公文机关", "serif", 22, 36, "center", color=RED, keep=True, even=True),
    "issue": TextStyle("公文期号", align="center", color=RED, keep=True),
    "number": TextStyle("公文编号", align="center", after=PITCH, color=RED, rule=True, keep=True),
    "title": TextStyle("公文标题", "serif", 22, 36, "center", after=PITCH / 2, keep=True, even=True),
    "chapter": TextStyle(
        "公文章名", "serif", 22, 36, "center", after=PITCH / 2, keep=True, even=True, fresh=True
    ),
    "heading": TextStyle("公文层次", "sans", indent=2, before=PITCH / 2, keep=True),
    "caption": TextStyle("公文表名", align="left", keep=True),
    "body": TextStyle("公文正文", indent=2),
    "left": TextStyle("公文顶格"),
    "closing": TextStyle("公文落款", align="right", right=2),
    "label": TextStyle("公文表头", "sans", 12, 20, "center"),
    "cell": TextStyle("公文表格", size=12, leading=20, align="center"),
    "page": TextStyle("公文页码", size=14, leading=20),
}


@dataclass(frozen=True)
class Text:
    """One paragraph; a line break in it is none."""

    style: StyleName
    text: str


@dataclass(frozen=True)
class DocumentTable:
    """Rows of cells under a head that is repeated on every page; `widths` are parts of the room.

    `labels` are the columns that hold labels, not values.
    """

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    head: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()

    def lines(self) -> Iterator[list[tuple[str, StyleName]]]:
        """Every row, the head first, as cells with what they are set in."""
        if self.head:
            yield [(text, "label") for text in self.head]
        for row in self.rows:
            yield [(text, "label" if place in self.labels else "cell") for place, text in enumerate(row)]


@dataclass(frozen=True)
class Together:
    """Paragraphs of which the end of the first and all others stand on one page."""

    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Document:
    """A whole document; `name` is what its file is called, without an ending."""

    name: str
    author: str
    blocks: tuple[Text | DocumentTable | Together, ...]
