"""What came of an import: faults named by sheet, row and column, how words were understood, counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

#: Called with (stage in Chinese, done, total).
Progress = Callable[[str, int, int], None]
#: Places of one and the same fault that are named one by one; of more only the first ones.
_PLACES, _FIRST_PLACES = 3, 5


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place of a workbook, or of another file that is read by rows.

    `value` is what stands there, `row_text` what stands in the row; `start` and `end` are the columns of the table,
    whose row can be left out unless it is `in_header`.
    """

    sheet: str
    row: int
    column: str
    header: str
    detail: str
    of: str = "工作表"
    value: str = ""
    row_text: str = ""
    start: int = 0
    end: int = 0
    in_header: bool = False

    @property
    def place(self) -> str:
        """Row and column."""
        column = f" {self.column} 列〔{self.header}〕" if self.column else ""
        return f"第 {self.row} 行{column}"

    def __str__(self) -> str:
        return f"{self.of}“{self.sheet}”{self.place}：{self.detail}"


@dataclass
class ImportReport:
    """What came of an import: nothing was written when there are `faults`, or when it was only `checked`.

    Only when others changed what the workbook is about during the import, the first `written` rows were. `counts` carry
    their Chinese labels; `understood` says how columns and words were taken.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    understood: list[str] = field(default_factory=list)
    checked: bool = False
    written: int = 0

    @property
    def ok(self) -> bool:
        """Whether the workbook was imported."""
        return not self.faults

    def lines(self) -> list[str]:
        """Every fault in the order of the workbook, or the counts in one sentence; what was understood; the notes."""
        if self.faults:
            so_far = "没有导入任何内容"
            if self.written:
                so_far = f"已导入 {self.written} 行，其余没有导入；改正后再导入一次即可，已导入的不会重复"
            head = [f"共 {len(self.faults)} 处错误，{so_far}：", *_grouped(self.faults)]
        else:
            done = "核对完成，没有写入" if self.checked else "导入完成"
            head = [f"{done}：" + "，".join(f"{label} {n}" for label, n in self.counts.items()) + "。"]
        return head + self.understood + self.notes


def _grouped(faults: Sequence[Fault]) -> list[str]:
    """The faults as lines: what is asked in many places is asked once."""
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: (f.sheet, f.row, len(f.column), f.column)):
        alike.setdefault((fault.of, fault.sheet, fault.detail), []).append(fault)
    lines: list[str] = []
    for (of, sheet, detail), group in alike.items():
        if len(group) <= _PLACES:
            lines += map(str, group)
        else:
            places = "、".join(fault.place for fault in group[:_FIRST_PLACES])
            more = f" 等 {len(group)} 处" if len(group) > _FIRST_PLACES else ""
            lines.append(f"{of}“{sheet}”{places}{more}：{detail}")
    return lines
