"""Workbooks that are uploaded, checked, mended and applied."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from app.core import outbox
from app.core.sql import table
from app.people.models import Person, Seat
from tests.factories.files import key_of

IMPORTS = "/api/v1/imports"
HEADER = ["委员编号", "姓名", "界别", "手机号码"]

_p, _s = table(Person), table(Seat)


def book(rows: list[list[Any]], *merged: str) -> bytes:
    made, out = Workbook(), BytesIO()
    sheet: Any = made.active
    sheet.title = "名册"
    for values in rows:
        sheet.append(values)
    for cells in merged:
        sheet.merge_cells(cells)
    made.save(out)
    return out.getvalue()


def line(number: int, name: str, sector: str = "教育界", phone: str = "") -> list[str]:
    return [f"16{number:04}", name, sector, phone or f"138{number:08}"]


def begun(who, content: bytes, name: str = "名册.xlsx", *, kind: str = "members", **options: Any) -> dict:
    file = key_of(who, content, name)
    answer = who.post(IMPORTS, {"kind": kind, "file": file, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()


def done(database, who, import_id: int) -> dict:
    while outbox.run_due(database):
        pass
    return who.get(f"{IMPORTS}/{import_id}").json()


def faults(who, import_id: int) -> list[tuple[str, str, str]]:
    items = who.get(f"{IMPORTS}/{import_id}/faults").json()["items"]
    return [(f"{one['column']}{one['row']}", one["value"], one["detail"]) for one in items]


def mend(who, row: dict, **changes: Any) -> Any:
    headers = {"If-Match": f'"{row["revision"]}"'}
    return who.put(f"{IMPORTS}/{row['id']}/rows", changes, headers=headers)


def names(database) -> set[str]:
    with database.read.connect() as conn:
        return set(conn.scalars(select(_p.c.name).join(_s, _s.c.person_id == _p.c.id)))
