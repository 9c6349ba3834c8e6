"""Import into the library: text files, workbooks, JSON lines; all is checked before anything is written.

A document is named by its kind, title, day and source: one that was imported before is corrected, never doubled.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.core.db import Database
from app.core.excel import parsers
from app.core.excel.headers import Column
from app.core.excel.reader import Cell, UnreadableWorkbookError, blank
from app.core.excel.report import Fault, ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.jobs.short_transactions import parts
from app.core.language import text
from app.library import service
from app.library.facts import DocumentFacts
from app.library.rules import KIND_LABELS, DocumentKind
from app.people.models import Organization
from app.people.roster.plan import organization_named
from app.people.service import id_of

T = TypeVar("T")

COLUMNS = (
    Column("kind", ("类别", "类型", "文件类别")),
    Column("title", ("标题", "案由", "题目", "名称"), required=True),
    Column("body", ("正文", "内容", "全文"), required=True),
    Column("dated_on", ("日期", "时间", "成文日期", "立案日期", "发布日期"), required=True),
    Column("source", ("来源", "届次编号", "出处")),
    Column("outcome", ("办理结果", "结果", "采用情况")),
)
_KEYS = [column.key for column in COLUMNS]
_KINDS = {said: kind for kind, label in KIND_LABELS.items() for said in (kind.value, label)} | {
    "社情民意": DocumentKind.OPINION_REPORT,
    "政策": DocumentKind.POLICY,
    "新闻": DocumentKind.NEWS,
}
_MAX_TITLE, _MAX_BODY, _MAX_BYTES = 200, 100_000, 2 * 2**20
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-._年]?\d\d[-._月]?\d\d(?!\d)")
_CHANGES: dict[service.Change, str] = {"new": "新增", "changed": "更正", "same": "不变"}
#: Documents that one transaction writes.
_CHUNK = 100


@dataclass(frozen=True)
class Defaults:
    """What holds for documents that do not say it themselves."""

    kind: DocumentKind
    source: str | None = None


def template(path: Path) -> None:
    """Write an empty workbook for the library with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("类别", "", "、".join(KIND_LABELS.values()) + "；不填时由命令的 --kind 决定"),
        ("标题", "是", f"最多 {_MAX_TITLE} 个字"),
        ("正文", "是", f"最多 {_MAX_BODY} 个字，可以换行"),
        ("日期", "是", "立案、签发或发布的日期，如 2019-03-05"),
        ("来源", "", "如 十四届三次会议第 87 号"),
        ("办理结果", "", "如 已办结，建议被采纳"),
    ]
    write_workbook(path, {"资料": [[c.names[0] for c in COLUMNS]], "填表说明": rows})


def import_library(
    database: Database,
    path: Path,
    organization: str | None = None,
    *,
    defaults: Defaults,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the documents of a file, or of all files in a folder, and index them.

    Raises `UnreadableWorkbookError` when there is nothing to read.
    """
    report = ImportReport()
    with database.read.connect() as conn, Session(conn) as db:
        place = organization_named(db, organization)
    found = {one.ref: one for one in _read(path, place, defaults, report, progress)}
    if not report.ok:
        return report
    counts, documents = dict.fromkeys(_CHANGES.values(), 0), list(found.values())
    written = 0
    for some in parts(documents, _CHUNK):
        done = service.put_some(database, id_of(place), some)
        for change, label in _CHANGES.items():
            counts[label] += done[change]
        written += len(some)
        progress("写入", written, len(documents))
    service.index_all(database, progress)
    report.counts = counts
    return report


class _Entry:
    """What a file that is no workbook says of one document, by the keys of the columns."""

    def __init__(self, file: Path, number: int, values: Mapping[str, Any], faults: list[Fault]) -> None:
        self._file, self._number, self._values, self._faults = file, number, values, faults

    def read(self, key: str, parse: Callable[[Cell], T], *, required: bool = False) -> T | None:
        """As `Row.read`."""
        cell = Cell(self._values.get(key))
        try:
            if blank(cell):
                if required:
                    raise ValueError("不能为空")
                return None
            return parse(cell)
        except ValueError as e:
            self.fault(f"{key} {e}")
            return None

    def fault(self, detail: str) -> None:
        """Report what is wrong."""
        self._faults.append(Fault(self._file.name, self._number, "", "", detail, "文件"))


def _read(
    path: Path, place: Organization, defaults: Defaults, report: ImportReport, progress: Progress
) -> Iterator[DocumentFacts]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    known = [file for file in files if file.suffix.lower() in _READERS]
    if not known:
        raise UnreadableWorkbookError(f"没有可以导入的文件，可以导入的有 {'、'.join(_READERS)}。")
    if len(known) < len(files):
        report.notes.append(f"有 {len(files) - len(known)} 个其他格式的文件，没有读取。")
    for number, file in enumerate(known, 1):
        for entry in _READERS[file.suffix.lower()](file, place, report):
            facts = _facts(entry, id_of(place), defaults)
            if facts is not None:
                yield facts
        progress("核对", number, len(known))


def _text_file(file: Path, place: Organization, report: ImportReport) -> Iterator[_Entry]:
    """Its first line is the title; its day stands in its name, else it is that of its last change."""
    values: dict[str, Any] = {}
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError(f"超过 {_MAX_BYTES // 2**20} MB")
        whole = text.of_file(file.read_bytes())
        values["title"], _, rest = whole.partition("\n")
        values["body"] = rest.strip() or whole
        changed = datetime.fromtimestamp(file.stat().st_mtime, ZoneInfo(place.timezone)).date()
        day = _DAY.search(file.stem)
        values["dated_on"] = re.sub(r"\D", "", day[0]) if day else changed
    except ValueError as e:
        report.faults.append(Fault(file.name, 1, "", "", f"不是可读的文本文件（{e}）", "文件"))
        return
    yield _Entry(file, 1, values, report.faults)


def _lines(file: Path, _place: Organization, report: ImportReport) -> Iterator[_Entry]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except (ValueError, RecursionError):
                values = None
            if isinstance(values, dict):
                yield _Entry(file, number, values, report.faults)
            else:
                _Entry(file, number, {}, report.faults).fault("不是一个 JSON 对象")


def _workbook(file: Path, _place: Organization, report: ImportReport) -> Iterator[Row]:
    for table in read_tables(file, COLUMNS, report):
        for row in table.rows:
            if not all(blank(row.cell(key)) for key in _KEYS):
                yield row


_READERS: dict[str, Callable[[Path, Organization, ImportReport], Iterator[_Entry | Row]]] = {
    ".txt": _text_file,
    ".md": _text_file,
    ".jsonl": _lines,
    ".xlsx": _workbook,
}


def _facts(entry: _Entry | Row, organization_id: int, defaults: Defaults) -> DocumentFacts | None:
    kind = entry.read("kind", _kind) or defaults.kind
    title = entry.read("title", parsers.line(_MAX_TITLE), required=True)
    body = entry.read("body", _body, required=True)
    dated_on = entry.read("dated_on", parsers.day, required=True)
    source = entry.read("source", parsers.line(200)) or defaults.source
    outcome = entry.read("outcome", parsers.line(500))
    if title is None or body is None or dated_on is None:
        return None
    named = sha256("|".join(map(str, (kind, title, dated_on, source))).encode()).hexdigest()
    return DocumentFacts(
        organization_id, f"import:{named[:40]}", kind, title, body, dated_on, source, outcome
    )


def _kind(cell: Cell) -> DocumentKind:
    said = parsers.text(cell)
    if said not in _KINDS:
        raise ValueError(f"没有类别“{said}”，可填：{'、'.join(KIND_LABELS.values())}")
    return _KINDS[said]


def _body(cell: Cell) -> str:
    found = text.printable(cell.value) if isinstance(cell.value, str) else parsers.text(cell)
    if len(found) > _MAX_BODY:
        raise ValueError(f"太长：{len(found)} 个字，最多 {_MAX_BODY} 个")
    return found
