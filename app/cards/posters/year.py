"""The poster of a duty year: a red sky over paper, figures, months, what tells most."""

from PIL import ImageDraw

from app.cards.format import CardDict, SectionDict
from app.cards.posters.blocks import MARGIN, ROOM, chart, figures, highlights, keywords, opening
from app.cards.posters.picture import WIDTH, Block, Sections, counted_until, paint, png, qr, stacked
from app.cards.posters.typeset import GlyphStyle, balance, draw, fit, shorten, width
from app.cards.posters.year_backdrop import CREAM, GOLD, GOLD_PALE, HEAD, INK, PANEL, SOFT, backdrop
from app.core.language.fonts import clean

HEIGHTS = (1440, 1680, 1920, 2160, 2400)
BODY = HEAD + 20  # where the blocks begin
CLOSING = 322  # height of the closing with its QR code
NAME_ROOM = 640  # left of the sun
GAP = 36
QR = 208

ORGANIZATION = GlyphStyle("sans", 36, CREAM, tracking=1)
NAME = GlyphStyle("serif", 150, CREAM)
SEAL = GlyphStyle("serif", 40, GOLD_PALE)
TITLE = GlyphStyle("serif", 36, CREAM, tracking=4)
PERIOD = GlyphStyle("serif", 36, GOLD_PALE)
POST = GlyphStyle("serif", 40, GOLD_PALE, tracking=2)
COMMITTEES = GlyphStyle("sans", 28, CREAM)
CLOSING_LINE = GlyphStyle("serif", 36, INK)
SMALL = GlyphStyle("sans", 25, SOFT)
SCAN = GlyphStyle("sans", 26, INK, tracking=4)


def render(card: CardDict, sections: Sections, verify_url: str) -> bytes:
    """Return the poster as PNG bytes."""
    blocks = _blocks(sections)
    height, air = stacked(blocks, HEIGHTS, BODY + CLOSING, GAP)
    plain = backdrop(height)
    poster = plain.rgb.copy()
    pen = ImageDraw.Draw(poster)
    _head(pen, card)
    paint(pen, blocks, BODY + (air - GAP) // 2, air)
    _closing(pen, card, sections.get("closing"), verify_url, height - CLOSING)
    return png(poster, plain)


def _blocks(sections: Sections) -> list[Block]:
    """Return what there is to show, from what must stay to what may go when the poster is full."""
    blocks = [
        opening(sections),
        figures(sections),
        chart(sections),
        keywords(sections),
        *highlights(sections),
    ]
    return [block for block in blocks if block is not None]


def _head(pen: ImageDraw.ImageDraw, card: CardDict) -> None:
    seat, period = card["seat"], card["period"]
    pen.rounded_rectangle((MARGIN, 66, MARGIN + 62, 128), radius=12, outline=GOLD, width=3)
    draw(pen, (MARGIN + 31, 111), "履", SEAL, "m")
    draw(pen, (MARGIN + 86, 110), "履职数字纪念卡", TITLE)
    label = clean(period["label"])
    style = fit(label, PERIOD, 500, 26)
    draw(pen, (WIDTH - MARGIN, 110), shorten(label, style, 500), style, "r")

    organization = clean(seat["organization"])
    if width(with_term := f"{organization}·{clean(seat['term'])}", ORGANIZATION) <= ROOM:
        organization = with_term.strip("·")
    style = fit(organization, ORGANIZATION, ROOM, 26)
    draw(pen, (MARGIN, 200), shorten(organization, style, ROOM), style)

    name = clean(seat["name"])
    style = fit(name, NAME._replace(tracking={2: 56, 3: 22}.get(len(name), 6)), NAME_ROOM, 112)
    lines = [name]
    if width(name, style) > NAME_ROOM:
        style = fit(name[: len(name) // 2 + 2], style._replace(size=76), NAME_ROOM, 56)
        lines = balance(name, style, NAME_ROOM, 2)
    for row, line in enumerate(reversed(lines)):
        draw(pen, (MARGIN - style.size * 0.04, 374 - row * style.size * 1.15), line, style)
    post = " · ".join(part for part in (clean(seat["sector"]), clean(seat["post"])) if part)
    draw(pen, (MARGIN, 444), shorten(post, POST, ROOM), POST)
    committees = "、".join(clean(name) for name in seat["committees"])
    draw(pen, (MARGIN, 492), shorten(committees, COMMITTEES, ROOM) if committees else "", COMMITTEES)


def _closing(pen: ImageDraw.ImageDraw, card: CardDict, section: SectionDict | None, url: str, y: int) -> None:
    frame = QR + 40
    x = WIDTH - MARGIN - frame
    pen.rounded_rectangle((x, y, x + frame, y + frame), radius=20, fill=PANEL, outline=GOLD, width=2)
    qr(pen, (x + frame / 2, y + frame / 2), QR, url, INK)
    draw(pen, (x + frame / 2, y + frame + 40), "扫码核验", SCAN, "m")

    room = x - 56 - MARGIN
    text = clean(section["text"]) if section else ""
    for row, line in enumerate(balance(text, CLOSING_LINE, room, 3)):
        draw(pen, (MARGIN, y + 40 + row * 58), line, CLOSING_LINE)
    pen.line((MARGIN, y + 204, MARGIN + 72, y + 204), fill=GOLD, width=3)
    span = " 至 ".join(
        day.replace("-", ".") for day in (card["period"]["starts_on"], card["period"]["ends_on"])
    )
    until = counted_until(card["period"])
    draw(pen, (MARGIN, y + 246), clean(span) + (f" · {until}" if until else ""), SMALL)
    draw(pen, (MARGIN, y + 284), "每个数字都出自履职台账，可逐条核对", SMALL)
