"""Import of handling units, and of staff with their roles: all or nothing; imported again, what is there stays."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from app.auth.accounts.service import Grant, create_account, grant_role
from app.auth.models import AccountRole
from app.auth.passwords.hashing import hash_password, one_time_password
from app.auth.permissions import PAST, ROLE_LABELS, SEPARATE, Role
from app.auth.phones import national
from app.core.db import Database
from app.core.errors import Conflict
from app.core.excel.headers import Column
from app.core.excel.parsers import line, narrow, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.sql import table
from app.people.models import UNIT_LABELS, Unit
from app.people.models_offices import Office
from app.people.phone_numbers import mobile
from app.people.roster.passwords_file import refuse_existing, written
from app.people.roster.plan import organization_named
from app.people.roster.written_names import written_name
from app.people.service import create_unit, give_first_password, id_of
from app.people.setup.accounts import account_for

UNIT_COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("name", ("单位名称", "单位", "承办单位", "名称", "单位全称"), required=True),
    Column("kind", ("类别", "单位类别", "性质", "单位性质")),
)
STAFF_COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("name", ("姓名",), required=True),
    Column("phone", ("手机号码", "手机", "手机号", "联系电话", "电话"), required=True),
    Column("role", ("角色", "身份", "账号角色"), required=True),
    Column("unit", ("承办单位", "单位", "所在单位", "单位名称")),
    Column("office", ("科室", "处室", "部门", "所在科室")),
)
#: Administrators and members come in by other ways: `create-account`, the roster.
STAFF_ROLES = tuple(role for role in Role if role not in {*SEPARATE, *PAST, Role.MEMBER})
_ROLES = {ROLE_LABELS[role]: role for role in STAFF_ROLES} | {
    "机关": Role.SECRETARIAT,
    "承办单位": Role.UNIT_OFFICER,
    "领导": Role.LEADER,
}
_KINDS = {label: kind for kind, label in UNIT_LABELS.items()} | {
    "政府": "government",
    "党群": "party",
    "党委部门": "party",
    "法院": "court",
    "检察院": "court",
}


@dataclass(frozen=True)
class _Officer:
    """One row: who holds which role, for which unit or in which office."""

    row: Row
    name: str
    phone: str
    role: Role
    unit: str | None
    office: str | None


def unit_template(path: Path) -> None:
    """Write an empty list of units with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("单位名称", "是", "全称，不重复"),
        ("类别", "", _kinds() + "；不填为政府部门"),
    ]
    write_workbook(path, {"承办单位": [["单位名称", "类别"]], "填表说明": rows})


def staff_template(path: Path) -> None:
    """Write an empty list of staff with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("姓名", "是", ""),
        ("手机号码", "是", "登录用；单元格请设为文本格式"),
        ("角色", "是", "、".join(ROLE_LABELS[role] for role in STAFF_ROLES)),
        ("承办单位", "", "承办单位人员必填，与系统中的名称一致"),
        ("科室", "", "机关工作人员所在的科室，与系统中的名称一致；不填的可以办理机关的全部事项"),
    ]
    write_workbook(path, {"工作人员": [["姓名", "手机号码", "角色", "承办单位", "科室"]], "填表说明": rows})


def import_units(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import handling units of one organization. Raises `UnreadableWorkbookError`."""
    report = ImportReport(checked=check)
    kinds: dict[str, str] = {}
    for found in read_tables(path, UNIT_COLUMNS, report):
        report.understood.append(found.understood(UNIT_COLUMNS))
        for row in found.entries(("name",), report):
            name, kind = row.read("name", line(60), required=True), row.read("kind", _kind)
            if name in kinds:
                row.fault("name", f"“{name}”前面已经有了")
            if name:
                kinds[name] = kind or "government"
    with _transaction(database, check=check) as db:
        place, u = id_of(organization_named(db, organization)), table(Unit)
        known = set(db.scalars(select(u.c.name).where(u.c.organization_id == place)))
        new = {name: kind for name, kind in kinds.items() if name not in known}
        report.counts = {"新增": len(new), "不变": len(kinds) - len(new)}
        if report.ok and not check:
            for name, kind in new.items():
                create_unit(db, place, name, kind)
    progress("写入", len(new), len(new))
    return report


def import_staff(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    passwords: Path | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import staff of one organization with their roles.

    With `passwords` new accounts get a one-time password, written to that new file. Raises `UnreadableWorkbookError`.
    """
    report = ImportReport(checked=check)
    refuse_existing(passwords)
    officers = _read_staff(path, report)
    with database.read.connect() as conn, Session(conn) as db:
        units, offices = _check(db, organization, officers)
        place = id_of(organization_named(db, organization))
        new = [one.phone for one in officers if account_for(conn, place, one.phone, one.role) is None]
    report.counts = {
        "新增账号": len(set(new)),
        "已有账号": len({one.phone for one in officers}) - len(set(new)),
    }
    if not report.ok or check:
        return report
    plain = dict.fromkeys(new, "")
    for done, phone in enumerate(plain, 1):
        plain[phone] = one_time_password() if passwords else ""
        progress("生成初始密码", done, len(plain))
    hashes = {phone: hash_password(secret) for phone, secret in plain.items() if secret}
    rows = {one.phone: (one.name, ROLE_LABELS[one.role], national(one.phone)) for one in officers}
    secrets = [(*rows[phone], secret, "首次登录须修改") for phone, secret in plain.items() if secret]
    granted = 0
    with written(
        passwords, ("姓名", "角色", "手机号码", "初始密码", "说明"), secrets, lambda: report.written > 0
    ):
        with database.transaction() as db:
            place = id_of(organization_named(db, organization))
            granted = sum(
                _grant(
                    db,
                    Grant(
                        place,
                        one.role,
                        unit_id=units.get(one.unit or ""),
                        office_id=offices.get(one.office or ""),
                    ),
                    one,
                    hashes.get(one.phone, ""),
                )
                for one in officers
            )
        report.written = len(officers)
    report.counts |= {"新授角色": granted, "发放初始密码": len(hashes)}
    return report


def _read_staff(path: Source, report: ImportReport) -> list[_Officer]:
    officers: list[_Officer] = []
    for found in read_tables(path, STAFF_COLUMNS, report):
        report.understood.append(found.understood(STAFF_COLUMNS))
        for row in found.entries(("name", "phone", "role"), report):
            name = row.read("name", written_name, required=True)
            phone = row.read("phone", lambda cell: mobile(text(cell)), required=True)
            role, unit = row.read("role", _role, required=True), row.read("unit", line(60))
            office = row.read("office", line(40))
            if role == Role.UNIT_OFFICER and not unit:
                row.fault("unit", "承办单位人员要写明承办单位")
            if office and role and role != Role.SECRETARIAT:
                row.fault("office", "只有机关工作人员填科室")
            if name and phone and role:
                unit = unit if role == Role.UNIT_OFFICER else None
                officers.append(_Officer(row, name.name, phone, role, unit, office or None))
    return officers


def _check(
    db: Session, organization: str | int | None, officers: list[_Officer]
) -> tuple[dict[str, int], dict[str, int]]:
    """The units and the open offices by name; who cannot be what the row says becomes a fault."""
    place, u, o = id_of(organization_named(db, organization)), table(Unit), table(Office)
    units = {row.name: int(row.id) for row in db.execute(select(u).where(u.c.organization_id == place))}
    open_ones = select(o).where(o.c.organization_id == place, o.c.closed_at.is_(None))
    offices = {row.name: int(row.id) for row in db.execute(open_ones)}
    names: dict[str, str] = {}
    for one in officers:
        if one.unit and one.unit not in units:
            one.row.fault("unit", f"没有承办单位“{one.unit}”，请先导入：lvyi import units")
        if one.office and one.office not in offices:
            known = f"，已有：{'、'.join(offices)}" if offices else "，请先建立：lvyi create-office"
            one.row.fault("office", f"没有科室“{one.office}”{known}")
        account = account_for(db.connection(), place, one.phone, one.role)
        if names.setdefault(one.phone, account.name if account else one.name) != one.name:
            one.row.fault("phone", "这个手机号码已登记在另一人名下")
    return units, offices


def _grant(db: Session, grant: Grant, one: _Officer, password_hash: str) -> bool:
    place = grant.organization_id
    account = account_for(db.connection(), place, one.phone, one.role)
    if account is None:
        made = create_account(db, phone=one.phone, name=one.name, organization_id=place)
        account_id = id_of(made)
        if password_hash:
            give_first_password(db, made, password_hash)
    else:
        account_id = account.id
    try:
        if one.role == Role.SECRETARIAT and not one.office and _works_in_office(db, place, account_id):
            return False  # the list leaves open where they work: what is there stays
        return grant_role(db, account_id, grant)
    except Conflict as e:
        raise Conflict(f"{one.name}：{e.detail}", code=e.code) from e


def _works_in_office(db: Session, place: int, account_id: int) -> bool:
    r = table(AccountRole)
    mine = (r.c.account_id == account_id) & (r.c.organization_id == place) & r.c.office_id.is_not(None)
    return db.scalar(select(r.c.id).where(mine).limit(1)) is not None


def _transaction(database: Database, *, check: bool) -> AbstractContextManager[Session]:
    """Who only checks reads: no writer waits for it."""
    return Session(database.read) if check else database.transaction()


def _role(cell: Cell) -> Role:
    said = narrow(cell)
    if said not in _ROLES:
        raise ValueError(f"没有角色“{said}”，可填：{'、'.join(ROLE_LABELS[role] for role in STAFF_ROLES)}")
    return _ROLES[said]


def _kind(cell: Cell) -> str:
    said = narrow(cell)
    if said not in _KINDS:
        raise ValueError(f"没有类别“{said}”，可填：{_kinds()}")
    return _KINDS[said]


def _kinds() -> str:
    return "、".join(UNIT_LABELS.values())
