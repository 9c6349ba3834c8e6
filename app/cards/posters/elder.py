"""The poster in very large type: a name, a few whole sentences, a large code; nothing small and nothing pale."""

from functools import cache

from PIL import Image, ImageDraw

from app.cards.format import CardDict, FigureDict
from app.cards.posters.picture import (
    WIDTH,
    Backdrop,
    Block,
    Sections,
    chinese_day,
    counted_until,
    mountain,
    paint,
    png,
    qr,
    reduced,
    ridge,
    stacked,
)
from app.cards.posters.typeset import GlyphStyle, balance, draw, fit, shorten, width
from app.core.language.fonts import clean

HEIGHTS = (1680, 1920, 2160, 2400, 2640, 2880)
MARGIN = 76
ROOM = WIDTH - 2 * MARGIN
HEAD = 720
CLOSING = 450
GAP = 60
QR = 300
MOST_FIGURES = 4

PAPER = "#fffdf7"
INK = "#1a120c"
RED = "#8f1a1a"
WHITE = "#ffffff"
GOLD = "#f6d58a"
RULE = "#c9a45c"

KIND = GlyphStyle("serif", 60, WHITE, tracking=4)
PERIOD = GlyphStyle("serif", 60, GOLD)
NAME = GlyphStyle("serif", 190, WHITE)
POST = GlyphStyle("sans", 64, WHITE)
ORGANIZATION = GlyphStyle("sans", 58, WHITE)
SENTENCE = GlyphStyle("serif", 64, INK)
NUMBER = GlyphStyle("serif", 124, RED)
WORD = GlyphStyle("sans", 62, INK)
CLOSING_LINE = GlyphStyle("serif", 62, RED)
PLAIN = GlyphStyle("sans", 50, INK)

#: How the figures of the opening are said: what stands before and after the number.
SAID = {
    "days": ("有", "天在履职"),
    "filed": ("有", "件提案立案"),
    "opinion_reports": ("反映社情民意", "篇"),
    "said": ("议政发言", "条"),
    "updates": ("发布动态", "条"),
    "attended": ("参加会议活动", "次"),
    "minutes": ("读书", "分钟"),
}


@cache
def backdrop(height: int) -> Backdrop:
    """Return the empty poster of this height; copy it before drawing."""
    head = Image.new("RGB", (WIDTH, HEAD), RED)
    mountain(head, ridge(HEAD - 50, HEAD - 24, 20, 4.6), PAPER, 1.0, (RULE, 1.0))
    rgb = Image.new("RGB", (WIDTH, height), PAPER)
    rgb.paste(head, (0, 0))
    blends = ((PAPER, INK), (PAPER, RED), (RED, WHITE), (RED, GOLD), (PAPER, RULE))
    return reduced(rgb, rgb, blends)


def render(card: CardDict, sections: Sections, verify_url: str) -> bytes:
    """Return the poster as PNG bytes."""
    blocks = [_sentence(sections), *_figures(sections), _words(sections), _last_words(sections)]
    shown = [block for block in blocks if block is not None]
    height, air = stacked(shown, HEIGHTS, HEAD + CLOSING, GAP)
    plain = backdrop(height)
    poster = plain.rgb.copy()
    pen = ImageDraw.Draw(poster)
    _head(pen, card)
    paint(pen, shown, HEAD + air // 2, air)
    _closing(pen, card, verify_url, height - CLOSING)
    return png(poster, plain)


def _head(pen: ImageDraw.ImageDraw, card: CardDict) -> None:
    seat = card["seat"]
    draw(pen, (MARGIN, 124), "履职纪念卡", KIND)
    label = clean(card["period"]["label"])
    style = fit(label, PERIOD, 480, 48)
    draw(pen, (WIDTH - MARGIN, 124), shorten(label, style, 480), style, "r")
    name = clean(seat["name"])
    style = fit(name, NAME._replace(tracking={2: 70, 3: 26}.get(len(name), 6)), ROOM, 120)
    lines = [name] if width(name, style) <= ROOM else balance(name, style._replace(size=96), ROOM, 2)
    if len(lines) > 1:
        style = style._replace(size=96)
    for row, line in enumerate(reversed(lines)):
        draw(pen, (MARGIN - style.size * 0.04, 344 - row * style.size * 1.1), line, style)
    post = " · ".join(part for part in (clean(seat["sector"]), clean(seat["post"])) if part)
    draw(pen, (MARGIN, 446), shorten(post, POST, ROOM), POST)
    for row, line in enumerate(balance(clean(seat["organization"]), ORGANIZATION, ROOM, 2)):
        draw(pen, (MARGIN, 536 + row * 74), line, ORGANIZATION)


def _sentence(sections: Sections) -> Block | None:
    """The opening sentence, up to its first full stop."""
    text = clean(sections["opening"]["text"]) if "opening" in sections else "履职的故事，从第一次发声写起。"
    return _lines(balance(text, SENTENCE, ROOM, 3), SENTENCE, 96)


def _lines(lines: list[str], style: GlyphStyle, step: int) -> Block | None:
    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        for row, line in enumerate(lines):
            draw(pen, (MARGIN, y + style.size + row * step), line, style)

    return Block(len(lines) * step, paint) if lines else None


def _figures(sections: Sections) -> list[Block]:
    """The first few figures, each as a sentence around a very large number."""
    found = sections["opening"]["figures"] if "opening" in sections else []
    return [_figure(figure) for figure in found if figure["value"]][:MOST_FIGURES]


def _figure(figure: FigureDict) -> Block:
    before, after = SAID.get(figure["key"], (clean(figure["label"]), clean(figure["unit"])))
    value = f"{figure['value']:,}"
    before = shorten(before, WORD, ROOM / 2)
    aside = width(before, WORD) + width(after, WORD) + 48
    number = fit(value, NUMBER, ROOM - aside, 60)

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        x, base = MARGIN, y + 108
        draw(pen, (x, base), before, WORD)
        x += round(width(before, WORD)) + 24
        draw(pen, (x, base), value, number)
        draw(pen, (x + width(value, number) + 24, base), after, WORD)
        pen.line((MARGIN, y + 146, WIDTH - MARGIN, y + 146), fill=RULE, width=4)

    return Block(146, paint)


def _words(sections: Sections) -> Block | None:
    """Three of the member's own words, in one sentence."""
    if "keywords" not in sections:
        return None
    words = "、".join(clean(figure["label"]) for figure in sections["keywords"]["figures"][:3])
    return _lines(balance(f"常常写到{words}。", WORD, ROOM, 3), WORD, 92) if words else None


def _last_words(sections: Sections) -> Block | None:
    text = clean(sections["closing"]["text"]) if "closing" in sections else ""
    return _lines(balance(text, CLOSING_LINE, ROOM, 3), CLOSING_LINE, 92)


def _closing(pen: ImageDraw.ImageDraw, card: CardDict, url: str, y: int) -> None:
    frame = QR + 48
    left = WIDTH - MARGIN - frame
    pen.rectangle((left, y, left + frame, y + frame), fill=WHITE, outline=INK, width=5)
    qr(pen, (left + frame / 2, y + frame / 2), QR, url, INK)
    for row, line in enumerate(("扫一扫，", "核对真假")):
        draw(pen, (MARGIN, y + 74 + row * 92), line, WORD)
    period = card["period"]
    until = counted_until(period) or f"截至{chinese_day(period['ends_on'])}"
    for row, line in enumerate(balance(until, PLAIN, left - MARGIN - 40, 2)):
        draw(pen, (MARGIN, y + 268 + row * 68), line, PLAIN)
