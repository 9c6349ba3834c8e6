"""What imports say and take."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.language.text import Input, clean
from app.imports.kinds import ImportKind
from app.imports.lifecycle import ImportAction, ImportState

SheetTitle = Annotated[str, Field(min_length=1, max_length=120, examples=["委员名册"])]
RowNumber = Annotated[int, Field(ge=1, le=20_000, examples=[12])]
ColumnLetters = Annotated[str, Field(pattern="^[A-Z]{1,2}$", examples=["F"])]
CellText = Annotated[str, StringConstraints(max_length=2000), AfterValidator(clean)]
Mark = Annotated[str, Field(min_length=3, max_length=20, examples=["●=出席"])]


class ImportIn(Input):
    """An uploaded workbook to check."""

    kind: ImportKind = Field(description="What the workbook holds.")
    file: str = Field(
        description="`key` of an .xlsx or .csv file that I have just uploaded.",
        pattern=r"^[A-Za-z0-9_-]{16,32}$",
        examples=["q0b6Xx3m2s9fJt4kVwYz1A"],
    )
    create_groups: bool = Field(
        default=False, description="Members: make sectors and committees that are not there yet."
    )
    year: int | None = Field(
        default=None, ge=1990, le=2100, description="Attendance: the year where dates name none."
    )
    marks: list[Mark] = Field(default=[], max_length=20, description="Attendance: what unusual marks mean.")


class CellIn(Input):
    """A cell with its right value."""

    sheet: SheetTitle = Field(description="Title of the sheet.")
    row: RowNumber = Field(description="Its row.")
    column: ColumnLetters = Field(description="Its column.")
    value: CellText | None = Field(description="What is to stand there; null or blank: nothing.")


class RowRef(Input):
    """A row that was left out."""

    sheet: SheetTitle = Field(description="Title of the sheet.")
    row: RowNumber = Field(description="Its row.")


class MendIn(Input):
    """What to change before the workbook is checked again."""

    cells: list[CellIn] = Field(default=[], max_length=2000, description="Cells with their right values.")
    leave_out: list[Annotated[int, Field(ge=1, le=100_000)]] = Field(
        default=[], max_length=2000, description="Numbers of faults whose rows are not to be imported."
    )
    bring_back: list[RowRef] = Field(
        default=[], max_length=2000, description="Rows that are to be imported after all."
    )


class ApplyIn(Input):
    """How to apply an import."""

    leave_out_faulty: bool = Field(
        default=False, description="Leave out every row with a fault, and import the others."
    )


class ImportRow(BaseModel):
    """An import in the list."""

    id: int
    kind: ImportKind
    kind_label: str = Field(examples=["委员名册"])
    file_name: str = Field(examples=["第十六届委员名册.xlsx"])
    state: ImportState
    state_label: str = Field(examples=["已核对"])
    revision: int = Field(description="For `If-Match`.")
    stage: str = Field(description="What is being done now, in Chinese.", examples=["写入"])
    done: int = Field(description="Of this stage.")
    total: int
    fault_count: int
    mended_count: int = Field(description="Cells that were mended.")
    left_out_count: int = Field(description="Rows that are left out.")
    error: str | None = Field(description="Why the file cannot be imported at all.")
    created_by_name: str = Field(examples=["机关甲"])
    created_at: datetime
    checked_at: datetime | None
    applied_at: datetime | None


class ActionRef(BaseModel):
    """A step open to the reader."""

    action: ImportAction
    action_label: str = Field(examples=["写入"])


class LeftOut(BaseModel):
    """A row that is left out."""

    sheet: str
    row: int


class Count(BaseModel):
    """How many rows of a sort."""

    label: str = Field(examples=["新增"])
    count: int


class ImportOut(ImportRow):
    """An import with what was understood and what it comes to."""

    understood: list[str] = Field(description="How columns and words were taken, in Chinese sentences.")
    notes: list[str] = Field(description="What was passed over, made, or left alone.")
    counts: list[Count] = Field(description="What would be, or was, added and changed.")
    written: int = Field(description="Rows that were written although others stopped the rest.")
    left_out: list[LeftOut]
    actions: list[ActionRef] = Field(description="Steps open to me now.")


class FaultOut(BaseModel):
    """What is wrong in one place."""

    number: int = Field(description="For `leave_out`; counted again by every check.")
    sheet: str = Field(examples=["委员名册"])
    row: int = Field(examples=[12])
    column: str = Field(description="Letters; empty: the whole row.", examples=["F"])
    header: str = Field(examples=["界别"])
    value: str = Field(description="What stands there.", examples=["经际界"])
    row_text: str = Field(description="What stands in the row.", examples=["12 · 王芳 · 女 · 经际界"])
    detail: str = Field(description="What is wrong, in Chinese.")
    can_leave_out: bool = Field(description="False: it concerns the header, and so the whole table.")


class KindOut(BaseModel):
    """A kind of import that I may begin."""

    kind: ImportKind
    kind_label: str = Field(examples=["委员名册"])
    options: list[Literal["create_groups", "year", "marks"]] = Field(description="Options that it takes.")


class KindsOut(BaseModel):
    """Kinds of imports that I may begin."""

    items: list[KindOut]
