"""Whom a row of a workbook means: by member number, phone or name, on a day."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection, select

from app.core.excel.headers import Column
from app.core.excel.parsers import narrow, text
from app.core.excel.tables import Row
from app.core.sql import table
from app.people.models import Person, Seat
from app.people.phone_numbers import mobile
from app.people.roster.written_names import written_name

#: Columns that may name a member; a sheet needs the name and any of the others where names are shared.
COLUMNS = (
    Column("number", ("委员编号", "委员证号", "证号", "委员号", "席位号")),
    Column("name", ("姓名", "委员姓名", "名字"), required=True),
    Column("phone", ("手机号码", "手机", "手机号", "联系电话", "电话")),
)
_Key = tuple[str, str | None]


class Members:
    """The seats of an organization, of all terms."""

    def __init__(self, conn: Connection, organization_id: int) -> None:
        s, p = table(Seat), table(Person)
        self._seats: dict[_Key, list[tuple[int, int, date, date]]] = defaultdict(list)
        rows = conn.execute(
            select(s.c.id, s.c.person_id, s.c.number, p.c.name, p.c.phone, s.c.starts_on, s.c.ends_on)
            .join(p, p.c.id == s.c.person_id)
            .where(s.c.organization_id == organization_id)
        )
        for row in rows:
            seat = (row.id, row.person_id, row.starts_on, row.ends_on)
            for key in (("number", row.number), ("phone", row.phone), ("name", row.name)):
                self._seats[key].append(seat)

    def knows(self, column: str, value: str) -> bool:
        """Whether any seat, held on whatever days, has this number, phone or name."""
        return bool(self._seats.get((column, value)))

    def held(self, column: str, value: str | None, on: date) -> list[int]:
        """The seats with this number, phone or name that are held on a day."""
        seats = self._seats.get((column, value), []) if value else []
        return [seat for seat, _, starts_on, ends_on in seats if starts_on <= on <= ends_on]

    def seat(self, row: Row, on: date | None) -> int | None:
        """The seat that a row means on a day; None with a fault in the row when it means none or several."""
        written = row.read("name", written_name, required=True)
        found_name = written.name if written else None
        keys = {
            "number": row.read("number", narrow),
            "phone": row.read("phone", lambda cell: mobile(text(cell))),
            "name": found_name,
        }
        if found_name is None or on is None:
            return None
        column, value = next((column, value) for column, value in keys.items() if value)
        seats, held = self._seats.get((column, value), []), self.held(column, value, on)
        if not seats:
            row.fault(column, f"名册里没有“{value.removeprefix('+86')}”")
        elif not {seat for seat, *_ in seats} <= {seat for seat, *_ in self._seats[("name", found_name)]}:
            row.fault(column, f"与姓名“{found_name}”不是同一名委员")
        elif len({person for _, person, *_ in seats}) > 1:
            row.fault("name", f"有多名委员叫“{found_name}”，请加委员编号或手机号码")
        elif not held:
            days = "、".join(f"{first} 至 {last}" for first, last in sorted(seat[2:] for seat in seats))
            row.fault("name", f"{found_name}在 {on} 不在任（在任：{days}）")
        else:
            return held[0]
        return None
