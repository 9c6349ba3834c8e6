"""Rosters are imported again and again: people, seats and accounts follow them."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from app.auth.models import Account, AccountRole
from app.auth.passwords.hashing import is_right
from app.core import clock
from app.core.db import Database
from app.core.excel.reader import UnreadableWorkbookError
from app.people.models import Committee, Person, Seat, SeatCommittee, Sector
from app.people.roster.imports import import_roster
from tests.factories.city import City
from tests.factories.workbooks.rosters import HEADER, faults, passwords_in, roster, row


def people(db: Session) -> dict[str, Person]:
    return {p.name: p for p in db.exec(select(Person))}


def test_a_roster_makes_people_seats_and_accounts(database: Database, city: City, tmp_path: Path):
    path = roster(
        tmp_path / "roster.xlsx",
        [
            row(1, 姓名="王　芳", 手机号码=13800000001.0, 出生年月=1975.03),
            row(
                2,
                姓名="䶮 喆",
                手机号码="138-0000-0002",
                政协职务="常委、副秘书长",
                专委会="提案委员会、文化文史和学习委员会",
            ),
            row(
                3,
                姓名="阿依古丽•买买提",
                手机号码="+86 138 0000 0003",
                出生年月=date(1980, 7, 1),
                专委会=None,
            ),
            row(4, 姓名="陈𠮷", 手机号码="１３８０００００００４", 出生年月="1969年12月", 政协职务=None),
        ],
    )
    report = import_roster(database, path, passwords=tmp_path / "passwords.xlsx")

    assert report.lines()[0] == "导入完成：新增 4，更新 0，不变 0，发放初始密码 4。"
    with Session(database.write) as db:
        found = people(db)
        assert {name: (p.phone, p.born_on) for name, p in found.items()} == {
            "王芳": ("+8613800000001", date(1975, 3, 1)),
            "䶮喆": ("+8613800000002", date(1975, 3, 1)),
            "阿依古丽·买买提": ("+8613800000003", date(1980, 7, 1)),
            "陈𠮷": ("+8613800000004", date(1969, 12, 1)),
        }
        seats: dict[int | None, Seat] = {s.person_id: s for s in db.exec(select(Seat))}
        assert seats[found["䶮喆"].id].post == "standing_member"
        assert seats[found["陈𠮷"].id].post == "member"
        sits = {(s.seat_id, s.committee_id) for s in db.exec(select(SeatCommittee))}
        assert {c for s, c in sits if s == seats[found["䶮喆"].id].id} == set(city.committees)
        assert not [s for s, _ in sits if s == seats[found["阿依古丽·买买提"].id].id]
        role = db.exec(select(AccountRole).where(AccountRole.seat_id == seats[found["王芳"].id].id)).one()
        assert (role.role, role.ends_on) == ("member", seats[found["王芳"].id].ends_on)

        given = passwords_in(tmp_path / "passwords.xlsx")
        account = db.get_one(Account, found["王芳"].account_id)
        assert given["王芳"][0] == "13800000001"
        assert is_right(account.password_hash, given["王芳"][1])
        assert account.must_change_password
    assert (tmp_path / "passwords.xlsx").stat().st_mode & 0o077 == 0


def test_the_same_roster_again_changes_nothing_and_gives_no_passwords(
    database: Database, city: City, tmp_path: Path
):
    path = roster(tmp_path / "roster.xlsx", [row(i) for i in range(1, 9)])
    import_roster(database, path, passwords=tmp_path / "first.xlsx")

    again = import_roster(database, path, passwords=tmp_path / "second.xlsx")

    assert again.lines()[0] == "导入完成：新增 0，更新 0，不变 8，发放初始密码 0。"
    assert not (tmp_path / "second.xlsx").exists()
    with Session(database.write) as db:
        assert db.exec(select(func.count()).select_from(Seat)).one() == 8
        assert db.exec(select(func.count()).select_from(AccountRole)).one() == 8


def test_changes_are_updates_and_a_member_with_a_new_phone_is_known_by_number(
    database: Database, city: City, tmp_path: Path
):
    import_roster(
        database, roster(tmp_path / "a.xlsx", [row(i) for i in range(1, 5)]), passwords=tmp_path / "p.xlsx"
    )

    changed = [
        row(1, 界别="经济界", 政协职务="副主席"),
        row(2, 手机号码="13999999999"),
        row(3, 专委会="文化文史和学习委员会"),
        row(4),
    ]
    report = import_roster(database, roster(tmp_path / "b.xlsx", changed), passwords=tmp_path / "q.xlsx")

    assert report.lines()[0] == "导入完成：新增 0，更新 3，不变 1，发放初始密码 0。"
    with Session(database.write) as db:
        seats = {s.number: s for s in db.exec(select(Seat))}
        assert (seats["160001"].sector_id, seats["160001"].post) == (city.sectors[0], "vice_chair")
        assert seats["160001"].figures_version > seats["160004"].figures_version
        moved = db.get_one(Person, seats["160002"].person_id)
        assert moved.phone == db.get_one(Account, moved.account_id).phone == "+8613999999999"
        sits = db.exec(
            select(SeatCommittee.committee_id).where(SeatCommittee.seat_id == seats["160003"].id)
        ).all()
        assert sits == [city.committees[1]]


def test_who_leaves_early_may_act_no_longer(database: Database, city: City, tmp_path: Path):
    header = [*HEADER, "任职起始", "任职终止"]
    today = clock.local_day(clock.now())
    last = date(today.year - 1, 6, 30)
    path = roster(tmp_path / "a.xlsx", [[*row(1), None, last], [*row(2), None, "至今"]], header)

    import_roster(database, path)

    with Session(database.write) as db:
        ends = {
            seat.number: db.exec(select(AccountRole).where(AccountRole.seat_id == seat.id)).one().ends_on
            for seat in db.exec(select(Seat))
        }
    assert ends == {"160001": last, "160002": date(today.year + 1, 12, 31)}


def test_groups_are_made_on_request_and_accounts_wait_for_a_password(
    database: Database, city: City, tmp_path: Path
):
    path = roster(tmp_path / "a.xlsx", [row(1, 界别="侨联界", 专委会="港澳台侨委员会"), row(2)])
    assert faults(database, path) == [
        "工作表“名册”第 4 行 F 列〔界别〕：没有界别“侨联界”（新增的可加 --create-groups）",
        "工作表“名册”第 4 行 G 列〔专委会〕：没有专委会“港澳台侨委员会”，是不是“提案委员会”？（新增的可加 --create-groups）",
    ]

    report = import_roster(database, path, create_groups=True)
    assert report.lines()[1:] == ["新建界别 1 个：侨联界。", "新建专委会 1 个：港澳台侨委员会。"]
    with Session(database.write) as db:
        assert set(db.exec(select(Sector.name))) == {"经济界", "教育界", "侨联界"}
        assert db.exec(select(func.count()).select_from(Committee)).one() == 3
        assert {a.password_hash for a in db.exec(select(Account))} == {""}

    later = import_roster(database, path, passwords=tmp_path / "passwords.csv")
    assert later.counts["发放初始密码"] == 2
    text = (tmp_path / "passwords.csv").read_text("utf-8-sig")
    assert text.splitlines()[0] == "姓名,界别,手机号码,初始密码,说明"
    with pytest.raises(UnreadableWorkbookError, match="已经存在"):
        import_roster(database, path, passwords=tmp_path / "passwords.csv")


def test_members_who_are_not_in_the_sheet_are_named_and_left_alone(
    database: Database, city: City, tmp_path: Path
):
    import_roster(database, roster(tmp_path / "a.xlsx", [row(i) for i in range(1, 4)]))
    report = import_roster(database, roster(tmp_path / "b.xlsx", [row(1)]))
    assert report.notes[0].startswith("系统中另有 2 名委员不在这份名册里，未作更改：")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_check_says_what_an_import_would_do_and_waits_for_no_writer(
    database: Database, city: City, tmp_path: Path
):
    rows = [row(1, 政协职务="常委"), row(2, 专委会="提案委员会、经济委员会"), row(3, 政协职务="")]
    first = roster(tmp_path / "first.xlsx", rows)
    new = roster(
        tmp_path / "new.xlsx",
        [
            row(1, 政协职务="常委"),
            row(2, 工作单位及职务="市教育局 局长", 专委会="提案委员会、经济委员会"),
            row(4, 专委会="农业农村委员会"),
            row(5, 专委会="农业农村委员会", 界别="侨联界"),
        ],
    )

    def check(path: Path) -> list[str]:
        with database.transaction():  # somebody writes
            report = import_roster(
                database, path, create_groups=True, check=True, passwords=tmp_path / "passwords.xlsx"
            )
        assert not (tmp_path / "passwords.xlsx").exists()
        return report.lines()

    with Session(database.write) as db:
        before = db.exec(select(func.count()).select_from(Person)).one()
    lines = check(first)
    assert lines[0] == "核对完成，没有写入：新增 3，更新 0，不变 0，发放初始密码 3。"
    assert lines[1].startswith("工作表“名册”表头在第 3 行：A 列〔序号〕→序号，B 列〔委员编号〕→委员编号，")
    assert lines[2:] == [
        "届次：第十六届 3 人。",
        "政协职务：“常委”→ 常务委员 1 人，“委员”→ 委员 1 人，没有填写的，新增为委员 1 人。",
        "界别：教育界 3 人。",
        "专委会：提案委员会 3 人，经济委员会 1 人。",
        "将新建专委会 1 个：经济委员会。",
    ]
    with Session(database.write) as db:
        assert db.exec(select(func.count()).select_from(Person)).one() == before
        assert db.exec(select(func.count()).select_from(Committee)).one() == len(city.committees)

    done = import_roster(database, first, create_groups=True).lines()
    assert done[1:] == [lines[-1].replace("将新建", "新建")]
    lines = check(new)
    assert lines[0] == "核对完成，没有写入：新增 2，更新 1，不变 1，发放初始密码 4。"
    assert lines[-3:-1] == ["将新建界别 1 个：侨联界。", "将新建专委会 1 个：农业农村委员会。"]
    assert lines[-1].startswith("系统中另有 1 名委员不在这份名册里，未作更改：")
    assert import_roster(database, new, create_groups=True).counts == {
        "新增": 2,
        "更新": 1,
        "不变": 1,
        "发放初始密码": 0,
    }
    faulty = roster(tmp_path / "faulty.xlsx", [row(6, 界别="农业界")])
    report = import_roster(database, faulty, check=True)
    assert (report.ok, "没有界别“农业界”" in report.lines()[1]) == (False, True)
