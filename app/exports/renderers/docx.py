"""Documents as Word: a .docx is a ZIP of XML parts, and most of them are the same for every document.

A library that opens a template, changes and saves it takes 40 ms and 37 kB for each (python-docx 1.2); this takes
2 ms and 7 kB, so that the archive of a whole session is made while it is downloaded.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from app.core import clock
from app.core.language.fonts import Face
from app.exports.renderers.document import (
    BOTTOM,
    LEFT,
    MM,
    PAGE,
    PITCH,
    RIGHT,
    ROOM,
    STYLES,
    TOP,
    Document,
    DocumentTable,
    StyleName,
    Text,
    TextStyle,
    Together,
)

#: The parts that never change, by their places in the archive.
_PARTS = Path(__file__).parent / "docx_parts"
#: The fonts that Windows and WPS come with, and whether they are bold; `fontTable.xml` names what stands in for them.
_FONTS: dict[Face, tuple[str, bool]] = {
    "serif": ("宋体", True),
    "book": ("仿宋", False),
    "sans": ("黑体", False),
}
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def render(paper: Document) -> bytes:
    """The document as a .docx file."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, part in _kept_parts():
            archive.writestr(name, part)
        archive.writestr("docProps/core.xml", _properties(paper))
        archive.writestr("word/document.xml", _document(paper))
    return out.getvalue()


@cache
def _kept_parts() -> list[tuple[str, str]]:
    """Name and content of the parts that are the same for every document."""
    files = [file for file in _PARTS.rglob("*") if file.is_file()]
    parts = [(file.relative_to(_PARTS).as_posix(), file.read_text("utf-8")) for file in sorted(files)]
    return [*parts, ("word/styles.xml", _styles())]


def _twips(points: float) -> int:
    return round(points * 20)


def _styles() -> str:
    styles = "".join(_style(name, style) for name, style in STYLES.items())
    return (
        f"<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" w:cs="Times New Roman"/>'
        '<w:sz w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f"{styles}</w:styles>"
    )


def _style(name: StyleName, style: TextStyle) -> str:
    font, bold = _FONTS[style.face]
    line = f'<w:bottom w:val="single" w:sz="12" w:space="6" w:color="{style.color}"/>'
    indent = (
        f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{_twips(style.indent * style.size)}" '
        f'w:rightChars="{style.right * 100}" w:right="{_twips(style.right * style.size)}"/>'
    )
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val={quoteattr(style.label)}/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{"<w:keepNext/>" if style.keep else ""}'
        f"{'<w:pageBreakBefore/>' if style.fresh else ''}"
        f"{f'<w:pBdr>{line}</w:pBdr>' if style.rule else ''}"
        f'<w:spacing w:before="{_twips(style.before)}" w:after="{_twips(style.after)}" '
        f'w:line="{_twips(style.leading)}" w:lineRule="exact"/>{indent}<w:jc w:val="{style.align}"/></w:pPr>'
        f'<w:rPr><w:rFonts w:eastAsia="{font}"/>{"<w:b/>" if bold else ""}<w:color w:val="{style.color}"/>'
        f'<w:sz w:val="{round(style.size * 2)}"/></w:rPr></w:style>'
    )


def _document(paper: Document) -> str:
    blocks = "".join(map(_block, paper.blocks))
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="odd"/><w:footerReference w:type="even" r:id="even"/>'
        f'<w:pgSz w:w="{_twips(PAGE[0])}" w:h="{_twips(PAGE[1])}"/>'
        f'<w:pgMar w:top="{_twips(TOP)}" w:right="{_twips(RIGHT)}" w:bottom="{_twips(BOTTOM)}" '
        f'w:left="{_twips(LEFT)}" w:header="{_twips(15 * MM)}" w:footer="{_twips(25 * MM)}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{_twips(PITCH)}"/></w:sectPr>'
    )
    return f"<w:document {_NAMESPACES}><w:body>{blocks}{page}</w:body></w:document>"


def _block(block: Text | DocumentTable | Together) -> str:
    if isinstance(block, Text):
        return _paragraph(block.style, block.text)
    if isinstance(block, Together):
        *others, last = block.texts
        kept = (_paragraph(text.style, text.text, keep=True) for text in others)
        return "".join(kept) + _paragraph(last.style, last.text)
    # without a paragraph between them two tables are one
    return _table(block) + _paragraph("cell", "") if block.rows else ""


def _paragraph(style: StyleName, text: str, *, keep: bool = False) -> str:
    # the hint: quotation marks and dashes are Chinese ones
    run = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}</w:pPr>{run}</w:p>'


def _table(table: DocumentTable) -> str:
    widths = [_twips(ROOM * width / sum(table.widths)) for width in table.widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    margins = "".join(f'<w:{side} w:w="80" w:type="dxa"/>' for side in sides[:4])
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        _row(line, widths, is_head=bool(table.head) and place == 0)
        for place, line in enumerate(table.lines())
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(line: Sequence[tuple[str, StyleName]], widths: Sequence[int], *, is_head: bool) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(style, text)}</w:tc>"
        for (text, style), width in zip(line, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>{cells}</w:tr>"


def _properties(paper: Document) -> str:
    now = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(paper.name)}</dc:title><dc:creator>{escape(paper.author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{now}</dcterms:created><dc:language>zh-CN</dc:language>'
        "</cp:coreProperties>"
    )
