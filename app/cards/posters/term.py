"""The poster of a term: a dark cover with the term in gold, its years along a line, and what remains of it."""

from PIL import ImageDraw

from app.cards.format import CardDict
from app.cards.posters.picture import (
    WIDTH,
    Block,
    Sections,
    chinese_day,
    counted_until,
    paint,
    png,
    qr,
    stacked,
)
from app.cards.posters.term_backdrop import COVER, GOLD, GOLD_PALE, INK, IVORY, RULE, SAND, backdrop
from app.cards.posters.typeset import GlyphStyle, balance, draw, fit, shorten, width
from app.core.language.fonts import clean

HEIGHTS = (1680, 1920, 2160, 2400, 2640, 2880)
MARGIN = 120
ROOM = WIDTH - 2 * MARGIN
MIDDLE = WIDTH / 2
GAP = 48
CLOSING = 400
QR = 196
ROW = 104
COLUMNS, GUTTER = 2, 60
#: What may be told of what remains, the most lasting first.
LASTING = ("honors", "proposals", "opinions", "deliberation", "reading", "milestones")

KIND = GlyphStyle("serif", 34, IVORY, tracking=12)
SEAL = GlyphStyle("serif", 38, GOLD_PALE)
ORGANIZATION = GlyphStyle("sans", 36, SAND, tracking=2)
TERM = GlyphStyle("serif", 156, GOLD_PALE, tracking=18)
YEARS = GlyphStyle("serif", 46, GOLD, tracking=6)
NAME = GlyphStyle("serif", 92, IVORY)
POST = GlyphStyle("serif", 36, SAND, tracking=2)
SENTENCE = GlyphStyle("serif", 42, IVORY)
HEADING = GlyphStyle("serif", 36, GOLD, tracking=10)
YEAR = GlyphStyle("sans", 30, SAND)
ACTS = GlyphStyle("serif", 46, GOLD_PALE)
LABEL = GlyphStyle("serif", 36, IVORY)
VALUE = GlyphStyle("serif", 60, GOLD_PALE)
UNIT = GlyphStyle("sans", 28, SAND)
TEXT = GlyphStyle("sans", 33, IVORY)
WORDS = GlyphStyle("serif", 38, IVORY)
SMALL = GlyphStyle("sans", 27, SAND)


def render(card: CardDict, sections: Sections, verify_url: str) -> bytes:
    """Return the poster as PNG bytes."""
    told = [_opening(sections), _years(sections), _figures(sections), _lasting(sections), _words(sections)]
    blocks = [block for block in told if block is not None]
    height, air = stacked(blocks, HEIGHTS, COVER + CLOSING, GAP)
    plain = backdrop(height)
    poster = plain.rgb.copy()
    pen = ImageDraw.Draw(poster)
    _cover(pen, card)
    paint(pen, blocks, COVER + air // 2, air)
    _closing(pen, card, sections, verify_url, height - CLOSING)
    return png(poster, plain)


def _cover(pen: ImageDraw.ImageDraw, card: CardDict) -> None:
    seat, period = card["seat"], card["period"]
    pen.rounded_rectangle((MIDDLE - 30, 92, MIDDLE + 30, 152), radius=12, outline=GOLD, width=3)
    draw(pen, (MIDDLE, 136), "履", SEAL, "m")
    draw(pen, (MIDDLE, 212), "履职数字纪念卡", KIND, "m")
    _line(pen, 282, seat["organization"], ORGANIZATION, 26)
    _line(pen, 466, period["label"], TERM, 72)
    years = f"{period['starts_on'][:4]} — {period['ends_on'][:4]}"
    side = width(years, YEARS) / 2 + 26
    for left, right in ((MIDDLE - side - 90, MIDDLE - side), (MIDDLE + side, MIDDLE + side + 90)):
        pen.line((left, 526, right, 526), fill=GOLD, width=2)
    draw(pen, (MIDDLE, 542), years, YEARS, "m")
    name = clean(seat["name"])
    _line(pen, 664, name, NAME._replace(tracking={2: 60, 3: 26}.get(len(name), 6)), 40)
    post = " · ".join(part for part in (clean(seat["sector"]), clean(seat["post"])) if part)
    _line(pen, 730, post, POST, 28)


def _line(pen: ImageDraw.ImageDraw, y: int, text: str, style: GlyphStyle, least: int) -> None:
    """One centred line, as large as it fits."""
    text = clean(text)
    style = fit(text, style, ROOM, least)
    draw(pen, (MIDDLE, y), shorten(text, style, ROOM), style, "m")


def _heading(pen: ImageDraw.ImageDraw, y: int, title: str) -> None:
    side = width(title, HEADING) / 2 + 30
    draw(pen, (MIDDLE, y + 36), title, HEADING, "m")
    for x in (MIDDLE - side, MIDDLE + side):
        pen.polygon([(x, y + 13), (x + 10, y + 23), (x, y + 33), (x - 10, y + 23)], fill=GOLD)


def _opening(sections: Sections) -> Block | None:
    """The opening sentence in the middle."""
    text = clean(sections["opening"]["text"]) if "opening" in sections else ""
    lines = balance(text, SENTENCE, ROOM, 3)
    return _centred(lines, SENTENCE, 68) if lines else None


def _centred(lines: list[str], style: GlyphStyle, step: int, title: str = "") -> Block:
    head = 76 if title else 0

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        if title:
            _heading(pen, y, title)
        for row, line in enumerate(lines):
            draw(pen, (MIDDLE, y + head + style.size + row * step), line, style, "m")

    return Block(head + len(lines) * step, paint)


def _years(sections: Sections) -> Block | None:
    """The years of the term along a line; the larger the ring, the more was done. One year is no line."""
    series = sections["days"]["series"][:6] if "days" in sections else []
    if len(series) == 1 or not any(point["value"] for point in series):
        return None
    most, step = max(point["value"] for point in series), ROOM / len(series)

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        _heading(pen, y, "一路走来")
        line = y + 196
        pen.line((MARGIN, line, WIDTH - MARGIN, line), fill=RULE, width=3)
        for place, point in enumerate(series):
            x = MARGIN + step * (place + 0.5)
            radius = round(8 + 26 * (point["value"] / most) ** 0.5) if point["value"] else 6
            ring = (x - radius, line - radius, x + radius, line + radius)
            full = bool(point["value"])
            pen.ellipse(ring, fill=GOLD if full else INK, outline=GOLD_PALE if full else RULE, width=3)
            acts = fit(f"{point['value']:,}", ACTS, step - 8, 24)
            if full:
                draw(pen, (x, line - 56), f"{point['value']:,}", acts, "m")
            draw(pen, (x, line + 84), shorten(clean(point["label"]), YEAR, step - 4), YEAR, "m")

    return Block(282, paint)


def _figures(sections: Sections) -> Block | None:
    """What was done in all, ruled like a table of honours."""
    found = sections["opening"]["figures"] if "opening" in sections else []
    chosen = [figure for figure in found if figure["value"]][:6]
    if not chosen:
        return None

    rows = -(-len(chosen) // COLUMNS)
    room = (ROOM - GUTTER) / COLUMNS

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        for place, figure in enumerate(chosen):
            left, base = MARGIN + place % COLUMNS * (room + GUTTER), y + place // COLUMNS * ROW + 68
            unit, value = clean(figure["unit"]), f"{figure['value']:,}"
            label = shorten(clean(figure["label"]), LABEL, room * 0.5)
            right = left + room - width(unit, UNIT) - 8
            draw(pen, (left, base), label, LABEL)
            draw(pen, (left + room, base), unit, UNIT, "r")
            draw(
                pen, (right, base), value, fit(value, VALUE, right - left - width(label, LABEL) - 12, 24), "r"
            )
            pen.line((left, base + 24, left + room, base + 24), fill=RULE, width=2)

    return Block(rows * ROW, paint)


def _words(sections: Sections) -> Block | None:
    """The member's own words, as many as two lines take."""
    words = (
        [clean(figure["label"]) for figure in sections["keywords"]["figures"]]
        if "keywords" in sections
        else []
    )
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}　{word}" if lines else word
        if lines and width(longer, WORDS) <= ROOM:
            lines[-1] = longer
        elif len(lines) < 2 and width(word, WORDS) <= ROOM:  # noqa: PLR2004 - two lines
            lines.append(word)
    return _centred(lines, WORDS, 62, "念念不忘") if lines else None


def _lasting(sections: Sections) -> Block | None:
    """Two sentences on what remains."""
    told = [sections[kind]["text"] for kind in LASTING if kind in sections and clean(sections[kind]["text"])]
    lines = [line for text in told[:2] for line in balance(clean(text), TEXT, ROOM, 2)]
    return _centred(lines, TEXT, 54, "留下的") if lines else None


def _closing(pen: ImageDraw.ImageDraw, card: CardDict, sections: Sections, url: str, y: int) -> None:
    frame = QR + 40
    left = WIDTH - MARGIN - frame
    pen.rounded_rectangle((left, y, left + frame, y + frame), radius=18, fill=IVORY)
    qr(pen, (left + frame / 2, y + frame / 2), QR, url, INK)
    draw(pen, (left + frame / 2, y + frame + 46), "扫码核验", SMALL, "m")
    text = clean(sections["closing"]["text"]) if "closing" in sections else ""
    for row, line in enumerate(balance(text, SENTENCE, left - MARGIN - 50, 3)):
        draw(pen, (MARGIN, y + 44 + row * 62), line, SENTENCE)
    period = card["period"]
    until = (
        counted_until(period) or f"{chinese_day(period['starts_on'])}起，{chinese_day(period['ends_on'])}止"
    )
    draw(pen, (MARGIN, y + frame), until, SMALL)
    draw(pen, (MARGIN, y + frame + 46), "每个数字都出自履职台账", SMALL)
