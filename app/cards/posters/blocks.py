"""The blocks of a year's poster between head and closing: each measures itself, then paints itself at a height."""

from PIL import ImageDraw

from app.cards.format import FigureDict, SectionDict
from app.cards.posters.picture import WIDTH, Block, Sections
from app.cards.posters.typeset import GlyphStyle, balance, draw, fit, shorten, width
from app.cards.posters.year_backdrop import BRONZE, GOLD, GOLD_PALE, INK, LINE, PANEL, RED, SOFT
from app.core.language.fonts import NEVER_LAST, clean

MARGIN = 84
ROOM = WIDTH - 2 * MARGIN
ROW = 4  # figures that fit in one row
FIRST_WORDS = "履职的故事，从第一次发声写起。"
ASIDE = 250  # the column of titles beside the highlights

# Which sections tell most on a poster, first to last; the first three with a sentence are shown.
TELLING = (
    "honors",
    "proposals",
    "opinions",
    "deliberation",
    "updates",
    "service",
    "consultation",
    "activities",
    "reading",
    "milestones",
    "companions",
)
COUNTED = (
    *("days", "proposals", "opinions", "deliberation", "updates"),
    *("activities", "service", "consultation", "reading", "honors"),
)

OPENING = GlyphStyle("serif", 38, INK)
NUMBER = GlyphStyle("serif", 78, RED)
UNIT = GlyphStyle("sans", 26, SOFT)
LABEL = GlyphStyle("sans", 28, SOFT)
HEADING = GlyphStyle("serif", 33, RED, tracking=1)
TEXT = GlyphStyle("sans", 30, INK)
ITEM = GlyphStyle("sans", 27, BRONZE)
CHIP = GlyphStyle("sans", 28, BRONZE)
TICK = GlyphStyle("sans", 24, SOFT)
BAR = GlyphStyle("sans", 25, BRONZE)
BAR_MOST = GlyphStyle("serif", 30, RED)


def opening(sections: Sections) -> Block | None:
    """The opening sentence, up to three lines, beside a gold rule; an empty card gets a kind one."""
    text = clean(sections["opening"]["text"]) if "opening" in sections else FIRST_WORDS
    lines = balance(text, OPENING, ROOM - 34, 3)
    if not lines:
        return None
    height = len(lines) * 60

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        pen.rectangle((MARGIN, y + 6, MARGIN + 5, y + height - 8), fill=GOLD)
        for row, line in enumerate(lines):
            draw(pen, (MARGIN + 34, y + 44 + row * 60), line, OPENING)

    return Block(height, paint)


def _headline(sections: Sections) -> list[FigureDict]:
    """Return the figures of the opening, else the first one of each section that counts; at most six, none zero."""
    told = sections["opening"]["figures"] if "opening" in sections else []
    first = [sections[kind]["figures"][:1] for kind in COUNTED if kind in sections]
    chosen = told or [figure for figures in first for figure in figures]
    return [figure for figure in chosen if figure["value"]][:6]


def figures(sections: Sections) -> Block | None:
    """The headline figures in one panel: a row of up to four, two rows of three."""
    chosen = _headline(sections)
    if not chosen:
        return None
    columns = len(chosen) if len(chosen) <= ROW else 3
    rows = [chosen[start : start + columns] for start in range(0, len(chosen), columns)]
    height = 36 + len(rows) * 135

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        pen.rounded_rectangle(
            (MARGIN, y, WIDTH - MARGIN, y + height), radius=24, fill=PANEL, outline=LINE, width=2
        )
        for index, row in enumerate(rows):
            step = ROOM / columns
            left, top = (WIDTH - step * len(row)) / 2, y + 14 + index * 135
            for column, figure in enumerate(row):
                x = left + step * column
                _figure(pen, figure, x + step / 2, top, step - 24)
                if column:
                    pen.line((x, top + 36, x, top + 122), fill=LINE, width=2)

    return Block(height, paint)


def _figure(pen: ImageDraw.ImageDraw, figure: FigureDict, x: float, y: int, room: float) -> None:
    value, unit = f"{figure['value']:,}", clean(figure["unit"])
    tail = width(unit, UNIT)
    number = fit(value, NUMBER, room - 8 - tail, 30)
    left = x - (width(value, number) + 8 + tail) / 2
    draw(pen, (left, y + 86), value, number)
    draw(pen, (left + width(value, number) + 8, y + 86), unit, UNIT)
    draw(pen, (x, y + 128), shorten(clean(figure["label"]), LABEL, room), LABEL, "m")


def _heading(pen: ImageDraw.ImageDraw, y: int, title: str, room: int = ROOM) -> None:
    x = MARGIN + 10
    pen.polygon([(x, y + 14), (x + 10, y + 24), (x, y + 34), (x - 10, y + 24)], fill=GOLD)
    draw(pen, (MARGIN + 36, y + 36), shorten(clean(title), HEADING, room), HEADING)


def chart(sections: Sections) -> Block | None:
    """The bars of the first section that has a series with anything in it; the one highest is red."""
    section = next((s for s in sections.values() if any(point["value"] for point in s["series"])), None)
    if section is None:
        return None
    points = section["series"][:12]
    values = [point["value"] for point in points]
    peak = max(values) if values.count(max(values)) == 1 else None
    tallest = min(30 * max(values), 150)  # a single act is no tower

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        _heading(pen, y, "履职足迹")
        floor, step = y + 108 + tallest, ROOM / len(points)
        half = min(step * 0.29, 34)
        pen.line((MARGIN, floor, WIDTH - MARGIN, floor), fill=LINE, width=2)
        for index, point in enumerate(points):
            x, value = MARGIN + step * (index + 0.5), point["value"]
            if value:
                top = floor - max(round(tallest * value / max(values)), 6)
                box = (x - half, top, x + half, floor - 1)
                color = RED if value == peak else GOLD
                pen.rounded_rectangle(box, radius=8, fill=color, corners=(True, True, False, False))
                draw(pen, (x, top - 12), f"{value:,}", BAR_MOST if value == peak else BAR, "m")
            draw(pen, (x, floor + 38), shorten(clean(point["label"]), TICK, step - 4), TICK, "m")

    return Block(154 + tallest, paint)


def highlights(sections: Sections) -> list[Block]:
    """The three most telling sections, the most telling first: title, sentence, the one thing worth naming."""
    told = [sections[kind] for kind in TELLING if kind in sections and clean(sections[kind]["text"])]
    return [_highlight(section) for section in told[:3]]


def _highlight(section: SectionDict) -> Block:
    room = ROOM - ASIDE
    lines = balance(clean(section["text"]), TEXT, room, 3)
    item = shorten(clean(section["items"][0]["title"]), ITEM, room) if section["items"] else ""
    height = 48 * len(lines) + (46 if item else 0)

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        _heading(pen, y - 2, section["title"], ASIDE - 56)
        for row, line in enumerate(lines):
            draw(pen, (MARGIN + ASIDE, y + 34 + row * 48), line, TEXT)
        if item:
            # A quotation mark or 《 fills the right half of its square: it hangs out, so that letters align.
            hang = ITEM.size // 2 if item[0] in NEVER_LAST else 0
            draw(pen, (MARGIN + ASIDE - hang, y + 34 + len(lines) * 48), item, ITEM)

    return Block(height, paint)


def keywords(sections: Sections) -> Block | None:
    """The member's own words as chips, as many as one row takes."""
    words = (
        [clean(figure["label"]) for figure in sections["keywords"]["figures"]]
        if "keywords" in sections
        else []
    )
    chips: list[tuple[int, int, str]] = []
    x = MARGIN
    for word in words:
        wide = round(width(word, CHIP)) + 52
        if x + wide > WIDTH - MARGIN:
            break
        chips.append((x, wide, word))
        x += wide + 18
    if not chips:
        return None

    def paint(pen: ImageDraw.ImageDraw, y: int) -> None:
        for left, wide, word in chips:
            pen.rounded_rectangle(
                (left, y, left + wide, y + 58), radius=29, outline=GOLD_PALE, width=2, fill=PANEL
            )
            draw(pen, (left + wide / 2, y + 39), word, CHIP, "m")

    return Block(58, paint)
