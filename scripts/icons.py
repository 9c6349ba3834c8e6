"""Draw the icons of the members' client: the first character of its name on deep red. Run after changing them."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "app/core/fonts/serif.ttf"
FOLDER = ROOT / "clients/mobile/public/icons"
RED, WHITE = "#9d2222", "#fffaf5"
#: Drawn larger and made small, for smooth edges.
SMOOTH = 4


def icon(size: int, *, corner: float, glyph: float) -> Image.Image:
    """A square of `size` pixels; `corner` and `glyph` are parts of it."""
    full = size * SMOOTH
    image = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, full - 1, full - 1), full * corner, RED)
    font = ImageFont.truetype(str(FONT), int(full * glyph))
    left, top, right, bottom = font.getbbox("履")
    draw.text(((full - left - right) / 2, (full - top - bottom) / 2), "履", WHITE, font)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        icon(size, corner=0.22, glyph=0.64).quantize(64).save(FOLDER / f"{size}.png", optimize=True)
    # phones cut these to their own shape: no corners, the glyph well inside
    icon(180, corner=0, glyph=0.6).quantize(64).save(FOLDER / "180.png", optimize=True)
    icon(512, corner=0, glyph=0.5).quantize(64).save(FOLDER / "maskable.png", optimize=True)
