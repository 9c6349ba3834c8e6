"""Tables of imports."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class SheetImport(SQLModel, table=True):
    """An uploaded workbook and what came of it; its file hangs on it.

    `revision` moves with every change of what is to be imported and guards it (`If-Match`): a check that began with an
    earlier one says nothing any more. `mended` lists cells ([sheet, row, column, value]), `left_out` rows of tables
    ([sheet, row, first column, the one after the last]).
    """

    __tablename__ = "sheet_import"
    __table_args__ = (Index("ix_sheet_import_organization", "organization_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=120)
    options: dict[str, Any] = Field(sa_type=Json)
    state: str = Field(max_length=12)
    revision: int = 1
    mended: list[Any] = Field(sa_type=Json)
    left_out: list[Any] = Field(sa_type=Json)
    stage: str = Field(default="", max_length=20)
    done: int = 0
    total: int = 0
    fault_count: int = 0
    report: dict[str, Any] = Field(sa_type=Json)
    error: str | None = Field(default=None, max_length=500)
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    checked_at: datetime | None = Field(default=None, sa_type=Utc)
    applied_at: datetime | None = Field(default=None, sa_type=Utc)


class SheetImportFault(SQLModel, table=True):
    """What the last check found wrong in one cell, in the order of the workbook."""

    __tablename__ = "sheet_import_fault"

    import_id: int = Field(primary_key=True, sa_type=Id, foreign_key="sheet_import.id")
    number: int = Field(primary_key=True)
    sheet: str = Field(max_length=120)
    row: int
    column: str = Field(max_length=3)
    header: str = Field(max_length=200)
    value: str = Field(max_length=120)
    row_text: str = Field(max_length=120)
    detail: str = Field(max_length=500)
    start: int
    end: int
    in_header: bool
