"""Everything that the platform holds about a person, as one archive: JSON, CSV, the files, and how to read it.

Each package's tables are registered once by whose they are; a test walks all tables that point to accounts, persons or
seats and fails for one that is neither registered nor left out for a reason. Only columns about the person go out:
those that point to somebody else's account, person or seat stay.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Engine, Select, select
from sqlmodel import SQLModel

from app.auth.actor import Actor
from app.auth.models import Account
from app.core import clock
from app.core.sql import table
from app.exports.proposals.archive import Entry
from app.files import store
from app.files.models import File
from app.people.models import Person, Seat

Whose = Literal["account", "person", "seat"]
_PEOPLE = ("account", "person", "seat")
_a, _p, _s, _f = table(Account), table(Person), table(Seat), table(File)


@dataclass(frozen=True)
class DataOwner:
    """Whose data it is: the account, and the persons and seats that it stands for in all organizations."""

    account: Sequence[int]
    person: Sequence[int]
    seat: Sequence[int]


@dataclass(frozen=True)
class DataPart:
    """Rows of one table that are about a person: those whose `column` names the account, a person or a seat of theirs.

    Rows of a `parent` table that is theirs may be named through its id; `without` are columns that are secret or mean
    nothing outside.
    """

    name: str
    title: str
    model: type[SQLModel]
    column: str
    parent: type[SQLModel] | None = None
    parent_column: str = ""
    without: frozenset[str] = frozenset()

    def columns(self) -> list[Column[Any]]:
        """What goes out."""
        of = table(self.model)
        return [
            c for c in of.c if c.name not in self.without and not (self._others(c) and c.name != self.column)
        ]

    @staticmethod
    def _others(column: Column[Any]) -> bool:
        return any(key.column.table.name in _PEOPLE for key in column.foreign_keys) or column.name.endswith(
            "_by"
        )

    def rows(self, owner: DataOwner) -> Select[Any]:
        """The rows that are theirs."""
        of, columns = table(self.model), self.columns()
        if self.parent is None:
            return select(*columns).where(of.c[self.column].in_(_ids(of.c[self.column], owner)))
        above = table(self.parent)
        theirs = above.c[self.parent_column]
        mine = select(above.c.id).where(theirs.in_(_ids(theirs, owner)))
        return select(*columns).where(of.c[self.column].in_(mine))


def _ids(column: Column[Any], owner: DataOwner) -> Sequence[int]:
    kinds = {key.column.table.name for key in column.foreign_keys} & set(_PEOPLE)
    kind = kinds.pop() if kinds else "account" if column.name == "account_id" else column.table.name
    ids: Sequence[int] = getattr(owner, kind)
    return ids


_parts: dict[str, DataPart] = {}


def register(
    name: str,
    title: str,
    model: type[SQLModel],
    column: str,
    *,
    parent: tuple[type[SQLModel], str] | None = None,
    without: Sequence[str] = (),
) -> None:
    """Have rows of a table go into the archive, under an English `name` and a Chinese `title`."""
    above, above_column = parent or (None, "")
    _parts[name] = DataPart(name, title, model, column, above, above_column, frozenset(without))


def parts() -> list[DataPart]:
    """What was registered."""
    return list(_parts.values())


def owner_of(conn: Connection, account_id: int) -> DataOwner:
    """All that an account stands for."""
    persons = conn.scalars(select(_p.c.id).where(_p.c.account_id == account_id)).all()
    seats = conn.scalars(select(_s.c.id).where(_s.c.person_id.in_(persons))).all()
    return DataOwner([account_id], persons, seats)


def entries(reads: Engine, actor: Actor, files: Path) -> Iterator[Entry]:
    """The files of the archive one by one; never more in memory than one table of one person, or one file."""
    with reads.connect() as conn:
        owner = owner_of(conn, actor.account_id)
    yield "说明.txt", _readme(actor).encode()
    for part in parts():
        with reads.connect() as conn:
            rows = [_plain(row, actor.zone) for row in conn.execute(part.rows(owner)).mappings()]
        if rows:
            yield f"数据/{part.title}.json", json.dumps(rows, ensure_ascii=False, indent=1).encode()
            yield f"数据/{part.title}.csv", _csv(rows).encode("utf-8-sig")
    yield from _stored(reads, actor, files)


def _stored(reads: Engine, actor: Actor, files: Path) -> Iterator[Entry]:
    """The files that the person uploaded, in their original names behind their number."""
    with reads.connect() as conn:
        mine = select(_f.c.id, _f.c.name, _f.c.sha256).where(_f.c.owner_id == actor.account_id)
        uploads = conn.execute(mine.order_by(_f.c.id)).all()
    for row in uploads:
        path = store.path(files, row.sha256)
        name = f"附件/{row.id}-{row.name.replace('/', '_')}"
        if path.is_file():
            yield name, path
        else:
            yield f"{name}（缺失）.txt", "服务器上已经没有这个附件。".encode()


def _plain(row: Mapping[Any, Any], zone: str) -> dict[str, Any]:
    return {name: _value(value, zone) for name, value in row.items()}


def _value(value: Any, zone: str) -> Any:
    match value:
        case datetime():
            return value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case bytes():
            try:
                return json.loads(value)
            except ValueError:
                return f"（{len(value)} 字节）"
        case _:
            return value


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """As spreadsheets open it; what would be taken for a formula is quoted."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t") else value


def _readme(actor: Actor) -> str:
    now = clock.now().astimezone(ZoneInfo(actor.zone))
    listed = "\n".join(f"  {part.title}" for part in parts())
    return f"""{actor.name}同志的个人信息

导出时间：{now:%Y-%m-%d %H:%M}

这里是“履易”保存的关于您的全部信息，不含其他人的信息。

数据/  每一类信息有两个内容相同的文件：.csv 可以用 WPS、Excel 打开，.json 供程序读取；没有内容的类别不列出。
附件/  您上传的图片和文件，文件名前面的数字与“附件”表中的编号对应。

共有以下各类：
{listed}

说明：
  时间都是您所在组织的当地时间。
  密码只保存无法还原的摘要，动态验证码的密钥也不导出，以免泄露。
  请妥善保管这个文件，其中有您的手机号码等信息。
"""
