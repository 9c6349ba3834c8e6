"""Documents as PDF, set line by line: every character in a face that has it, lines that break where Chinese may."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from itertools import accumulate, groupby
from math import ceil
from threading import Lock
from typing import Any, NamedTuple

from reportlab.lib.colors import HexColor, black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Table as Grid

from app.core.language import fonts
from app.core.language.fonts import Face
from app.exports.renderers.document import (
    BOTTOM,
    LEFT,
    PAGE,
    PITCH,
    RIGHT,
    ROOM,
    STYLES,
    TOP,
    Document,
    DocumentTable,
    Text,
    TextStyle,
    Together,
)

_FACES: tuple[Face, ...] = ("serif", "book", "sans", "rare")
#: Where the baseline of a line lies under its middle, in parts of the size.
_BASELINE = 0.36
_RULE_GAP = 8
_CELL_GAP = 4
#: Characters by which a line may be stretched; a looser one stays as it is.
_MOST_SPREAD = 4
#: Blanks, but for the Chinese one, are set alike.
_BLANK = re.compile(r"[^\S\u3000]")
#: Marks that choose a variant of a character or join emoji: they have no picture of their own.
_UNSEEN = re.compile("[\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: The library keeps fonts and their states for the whole process.
_setting = Lock()


def render(paper: Document, *, repeatable: bool = False) -> bytes:
    """The document as a PDF file; a `repeatable` one names no date and is the same each time."""
    out = BytesIO()
    page = PageTemplate(
        "page",
        [Frame(LEFT, BOTTOM, ROOM, PAGE[1] - TOP - BOTTOM, 0, 0, 0, 0)],
        onPageEnd=_number,
    )
    template = BaseDocTemplate(
        out,
        pagesize=PAGE,
        pageTemplates=[page],
        title=paper.name,
        author=paper.author,
        lang="zh-CN",
        invariant=repeatable,
    )
    with _setting:
        _register()
        template.build([flowable for block in paper.blocks for flowable in _flowables(block)])
    return out.getvalue()


class _Font(TTFont):
    """A font whose characters beyond the basic plane can be searched and copied: reportlab 5.1 names them wrongly."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's name
        """Add the font to a document, with a table of characters in UTF-16 as PDF asks for."""
        super().addObjects(doc)
        for name, kept in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                kept.content = _WIDE.sub(_utf16, kept.content)


_WIDE = re.compile("<([0-9A-F]{5,6})>")


def _utf16(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def _register() -> None:
    for face in _FACES:
        pdfmetrics.registerFont(_Font(face, fonts.file(face)))


@lru_cache(maxsize=8192)
def _set(char: str, face: Face) -> tuple[str, Face, float]:
    """What is set for a character, in which face, and how wide it is in parts of the size."""
    shown, source = fonts.source(char, face)
    return shown, source, pdfmetrics.stringWidth(shown, source, 1)


def _width(text: str, style: TextStyle) -> float:
    return sum(_set(char, style.face)[2] for char in text) * style.size


class _Line(NamedTuple):
    """A line as it is set; a `full` one reaches both edges where its style says so."""

    text: str
    style: TextStyle
    indent: float = 0
    full: bool = False


def _lines(text: str, style: TextStyle, room: float) -> list[_Line]:
    """Lines of at most `room` points; the first one is shorter by the indent."""
    text = _BLANK.sub(" ", _UNSEEN.sub("", text))
    if style.even and (whole := _width(text, style)) > room:
        room = min(room, whole / ceil(whole / room) + style.size)
    indent = style.indent * style.size
    found, line, left = [], "", room - indent
    for chunk in fonts.chunks(text):
        # an address without an end is broken anywhere
        for part in [chunk] if _width(chunk, style) <= room else chunk:
            long = _width(part, style)
            if line and long > left:
                found.append(line)
                line, left = "", room
                if part == " ":
                    continue
            line, left = line + part, left - long
    found.append(line)
    last = len(found) - 1
    return [_Line(line, style, 0 if place else indent, place < last) for place, line in enumerate(found)]


class _Lines(Flowable):
    """Lines one under the other, which may go on on the next page; the last ones, at least two, stay together."""

    def __init__(self, lines: list[_Line], room: float, *, together: int = 2) -> None:
        super().__init__()
        self.lines, self.room, self.together = lines, room, together
        self.rule = _RULE_GAP if lines[-1].style.rule else 0

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: ARG002, N803 - the library's names
        """How much room it takes."""
        return aW, sum(line.style.leading for line in self.lines) + self.rule

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: ARG002, N803 - the library's names
        """What stands on this page and what on the next one; no line of several stands alone."""
        heights = accumulate(line.style.leading for line in self.lines)
        fit = min(sum(height <= aH for height in heights), len(self.lines) - self.together)
        if fit < 2:  # noqa: PLR2004 - not one line alone
            return []
        rest = _Lines(self.lines[fit:], self.room, together=self.together)
        return [_Lines(self.lines[:fit], self.room), rest]

    def draw(self) -> None:
        """Draw line by line, from the top."""
        _, top = self.wrap(0, 0)
        for line in self.lines:
            _draw(self.canv, line, self.room, top - line.style.leading / 2 - line.style.size * _BASELINE)
            top -= line.style.leading
        if self.rule:
            self.canv.setStrokeColor(HexColor(f"#{self.lines[-1].style.color}"))
            self.canv.setLineWidth(1.5)
            self.canv.line(0, 0, self.room, 0)


def _draw(canvas: Canvas, line: _Line, right: float, baseline: float) -> None:
    style, left = line.style, line.indent
    slack, spread = right - left - _width(line.text, style), 0.0
    if style.align == "both" and line.full and 0 < slack < _MOST_SPREAD * style.size:
        spread = slack / max(len(line.text) - 1, 1)
    elif style.align == "center":
        left += slack / 2
    elif style.align == "right":
        left += slack - style.right * style.size
    pen = canvas.beginText(left, baseline)
    pen.setFillColor(HexColor(f"#{style.color}"))
    pen.setCharSpace(spread)
    for face, run in groupby((_set(char, style.face) for char in line.text), key=lambda found: found[1]):
        pen.setFont(face, style.size)
        pen.textOut("".join(found[0] for found in run))
    canvas.drawText(pen)


def _paragraphs(texts: Sequence[Text], room: float = ROOM) -> _Lines:
    """Paragraphs of which the end of the first and all others stand on one page."""
    first, *others = (_lines(text.text, STYLES[text.style], room) for text in texts)
    rest = [line for lines in others for line in lines]
    made = _Lines([*first, *rest], room, together=min(2, len(first)) + len(rest))
    made.spaceBefore, made.spaceAfter = STYLES[texts[0].style].before, STYLES[texts[-1].style].after
    return made


def _flowables(block: Text | DocumentTable | Together) -> Iterator[Flowable]:
    if isinstance(block, Together):
        yield _paragraphs(block.texts)
    elif isinstance(block, Text):
        style = STYLES[block.style]
        if style.fresh:
            yield PageBreak()
        if style.keep:
            yield CondPageBreak(style.before + style.leading + 2 * PITCH)
        yield _paragraphs([block])
    elif block.rows:
        yield _grid(block)
        yield Spacer(0, PITCH / 2)


def _grid(table: DocumentTable) -> Grid:
    widths = [ROOM * width / sum(table.widths) for width in table.widths]
    cells = [
        [
            _paragraphs([Text(style, text)], width - 2 * _CELL_GAP)
            for (text, style), width in zip(line, widths, strict=True)
        ]
        for line in table.lines()
    ]
    grid = Grid(cells, widths, repeatRows=1 if table.head else 0)
    gaps = [(f"{side}PADDING", (0, 0), (-1, -1), _CELL_GAP) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    grid.setStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *gaps])
    return grid


def _number(canvas: Canvas, _template: BaseDocTemplate) -> None:
    """— 1 —, outside: at the right on odd pages, at the left on even ones."""
    page, style = canvas.getPageNumber(), STYLES["page"]
    text = f"— {page} —"
    left = LEFT + style.size if page % 2 == 0 else PAGE[0] - RIGHT - style.size - _width(text, style)
    _draw(canvas, _Line(text, style, left), PAGE[0], BOTTOM - PITCH)
