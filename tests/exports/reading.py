"""What stands in exported files, as other programs read it."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.sql import table
from tests.factories.city import City


def name_of(answer: Any) -> str:
    """The name under which browsers keep an answer."""
    return unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])


def paragraphs(docx: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(docx)).paragraphs]


def tables(docx: bytes) -> list[list[list[str]]]:
    found = Document(BytesIO(docx)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def pages(pdf: bytes) -> list[list[str]]:
    """The lines of each page, without blanks at their ends."""
    texts = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]


def text_of(pdf: bytes) -> str:
    return "".join("".join(lines) for lines in pages(pdf))


def rows(xlsx: bytes) -> list[tuple[Any, ...]]:
    """The values of the only sheet, its header first."""
    (sheet,) = load_workbook(BytesIO(xlsx)).worksheets
    return list(sheet.iter_rows(values_only=True))


def entries(archive: bytes) -> dict[str, bytes]:
    """What a ZIP holds, checked against its sums."""
    with ZipFile(BytesIO(archive)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def exported(city: City) -> list[tuple]:
    a = table(AuditEntry)
    found = select(a.c.account_id, a.c.action, a.c.subject_id, a.c.detail).where(
        a.c.action.like("%.exported")
    )
    with city.database.read.connect() as conn:
        return [tuple(row) for row in conn.execute(found.order_by(a.c.id))]
