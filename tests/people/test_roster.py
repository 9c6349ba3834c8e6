"""Rosters as secretariats keep them: tolerated layouts, every fault named, all or nothing, again and again."""

import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import numbers
from sqlmodel import Session, func, select

from app.auth.models import Account, AccountRole
from app.auth.passwords import is_right
from app.core import clock
from app.core.db import Database
from app.core.sheets import UnreadableWorkbookError
from app.people.models import Committee, Person, Seat, SeatCommittee, Sector
from app.people.roster import import_roster, template
from tests.factories.city import City

HEADER = [
    "序号",
    "委员编号",
    "姓名",
    "性别",
    "出生年月",
    "界别",
    "专委会",
    "政协职务",
    "工作单位及职务",
    "手机号码",
]


def row(number: int, **changes: Any) -> list[Any]:
    values = {
        "序号": number,
        "委员编号": f"16{number:04d}",
        "姓名": "王" + "芳明伟娜静强磊洋艳勇"[number % 10] + "一二三四五六七八九"[number % 9],
        "性别": "女",
        "出生年月": "1975.03",
        "界别": "教育界",
        "专委会": "提案委员会",
        "政协职务": "委员",
        "工作单位及职务": "市第三中学 校长",
        "手机号码": f"138{number:08d}",
    }
    return list((values | changes).values())


def roster(path: Path, rows: list[list[Any]], header: list[Any] | None = None) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "名册"
    sheet.append(["政协云川市第十六届委员会委员名册"])
    sheet.append(["填报单位:市政协办公室"])
    sheet.append(header or HEADER)
    for values in rows:
        sheet.append(values)
    book.save(path)
    return path


def passwords_in(path: Path) -> dict[str, tuple[str, str]]:
    sheet: Any = load_workbook(path).active
    return {line[0]: (line[2], line[3]) for line in sheet.iter_rows(values_only=True)}


def faults(database: Database, path: Path, **options: Any) -> list[str]:
    report = import_roster(database, path, **options)
    assert not report.ok
    return report.lines()[1 : 1 + len(report.faults)]


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


def test_every_fault_is_named_with_row_column_and_header_and_nothing_is_imported(
    database: Database, city: City, tmp_path: Path
):
    path = roster(
        tmp_path / "roster.xlsx",
        [
            row(1, 手机号码="1380000001", 性别="F"),
            row(2, 姓名=None),
            row(3, 手机号码="1.38E+10", 界别="教肓界"),
            row(4, 手机号码=13800000005.0),
            row(5),
            row(6, 出生年月=1975.1, 政协职务="委员长"),
            row(7, 专委会="提案委、文化文史和学习委员会"),
            row(8, 手机号码="13800000008/13900000008", 出生年月="1975"),
            row(9, 姓名="王\ue000", 手机号码="0592-5551234"),
            row(10, 委员编号="160001", 手机号码="138000000100"),
            row(11),
        ],
    )
    assert faults(database, path) == [
        "工作表“名册”第 4 行 D 列〔性别〕：“F”应为男或女",
        "工作表“名册”第 4 行 J 列〔手机号码〕：号码少一位",
        "工作表“名册”第 5 行 C 列〔姓名〕：不能为空",
        "工作表“名册”第 6 行 F 列〔界别〕：没有界别“教肓界”，是不是“教育界”？（新增的可加 --create-groups）",
        "工作表“名册”第 6 行 J 列〔手机号码〕：号码成了科学计数法，已经丢了数字，请把单元格改为文本格式再填",
        "工作表“名册”第 8 行 J 列〔手机号码〕：与第 7 行重复",
        "工作表“名册”第 9 行 E 列〔出生年月〕：“1975.1”分不清是 1 月还是 10 月，请写成 1975-01 或 1975-10",
        "工作表“名册”第 9 行 H 列〔政协职务〕：认不出政协职务“委员长”，可填：主席、副主席、秘书长、常务委员、委员；写的是单位里的职务时，请把列名改为“工作单位及职务”",
        "工作表“名册”第 10 行 G 列〔专委会〕：没有专委会“提案委”，是不是“提案委员会”？（新增的可加 --create-groups）",
        "工作表“名册”第 11 行 E 列〔出生年月〕：“1975”只有年份，请写成 1975-03-15 或 1975年3月",
        "工作表“名册”第 11 行 J 列〔手机号码〕：有多个号码，只留一个",
        "工作表“名册”第 12 行 C 列〔姓名〕：含有自造字，换一台电脑就无法显示，请改用标准汉字",
        "工作表“名册”第 12 行 J 列〔手机号码〕：这是固定电话，请填手机号码",
        "工作表“名册”第 13 行 B 列〔委员编号〕：与第 4 行重复",
        "工作表“名册”第 13 行 J 列〔手机号码〕：号码多一位",
    ]
    with Session(database.write) as db:
        assert db.exec(select(func.count()).select_from(Person)).one() == 0


def test_what_contradicts_the_database_is_a_fault(database: Database, city: City, tmp_path: Path):
    import_roster(database, roster(tmp_path / "a.xlsx", [row(1, 姓名="王芳"), row(2, 姓名="李强")]))
    with database.transaction() as db:
        city._account(db, "机关甲", "+8613700000000")

    header = [*HEADER, "任职起始", "届次"]
    path = roster(
        tmp_path / "b.xlsx",
        [
            [*row(1, 姓名="王方"), None, None],
            [*row(2, 姓名="李强", 手机号码="13600000000", 委员编号="160001"), None, None],
            [*row(3, 手机号码="13700000000", 姓名="张三"), "2001-01-01", "第十六届"],
            [*row(4), None, "第十五届"],
        ],
        header,
    )
    found = faults(database, path)
    assert [f.split("行 ")[1] for f in found if "任职" not in f] == [
        "J 列〔手机号码〕：号码已登记在王芳名下",
        "B 列〔委员编号〕：与第 4 行重复",
        "B 列〔委员编号〕：委员编号已属于王芳",
        "J 列〔手机号码〕：号码已登记在机关甲名下",
        "L 列〔届次〕：系统中没有这一届，已有：第十六届",
    ]
    assert any("K 列〔任职起始〕：不在第十六届之内" in f for f in found)


def test_layouts_of_real_life_are_read(database: Database, city: City, tmp_path: Path):
    book = Workbook()
    notes: Any = book.active
    notes.title = "说明"
    notes["A1"] = "请各界别召集人核对"
    sheet: Any = book.create_sheet("委员名单")
    sheet["A1"] = "政协云川市第十六届委员会委员名册"
    sheet.merge_cells("A1:H1")
    # a header of two lines: 姓名 and others merged downward, 任职时间 over two columns
    for place, name in enumerate(
        ["序号", "姓 名", "界 别", "联系电话\n(必填)", "民族", "任职时间", None, "备注"], 1
    ):
        sheet.cell(3, place, name)
    for column in "ABCDEH":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.merge_cells("F3:G3")
    sheet["F4"], sheet["G4"] = "起始", "终止"
    for i in range(6):
        number = 5 + i
        sheet.cell(number, 1, i + 1)
        sheet.cell(number, 2, f"孙{'一二三四五六'[i]}")
        sheet.cell(number, 4, 13500000000 + i).number_format = numbers.FORMAT_NUMBER
        sheet.cell(number, 5, "汉族")
    # one sector is written once over all of its members
    sheet["C5"], sheet["C8"] = "经济界", "教育界"
    sheet.merge_cells("C5:C7")
    sheet.merge_cells("C8:C10")
    sheet.row_dimensions[9].hidden = True
    sheet["A12"] = "填表人:机关甲"
    for number in range(13, 400):
        sheet.cell(number, 3).number_format = "@"
    secret = book.create_sheet("旧名单")
    secret.append(["姓名", "界别", "手机号码"])
    secret.append(["旧人", "教育界", "13511111111"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "roster.xlsx")

    report = import_roster(database, tmp_path / "roster.xlsx")

    assert report.lines() == [
        "导入完成：新增 6，更新 0，不变 0，发放初始密码 0。",
        "工作表“旧名单”是隐藏的，未读取。",
        "工作表“说明”里没有认得出的表头，未读取。",
        "工作表“委员名单”第 9 行是隐藏行，已一并读取。",
        "工作表“委员名单”的这些列未保存：民族、备注。",
    ]
    with Session(database.write) as db:
        sectors = {sector.id: sector.name for sector in db.exec(select(Sector))}
        held = Counter(sectors[seat.sector_id] for seat in db.exec(select(Seat)))
    assert held == {"经济界": 3, "教育界": 3}


def test_formulas_count_by_their_cached_value_and_uncomputed_ones_are_faults(
    database: Database, city: City, tmp_path: Path
):
    path = roster(tmp_path / "plain.xlsx", [row(1, 工作单位及职务="=CONCAT(1)"), row(2, 手机号码="#N/A")])
    computed = tmp_path / "computed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(computed, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename.endswith("sheet1.xml"):
                data = data.replace(b"<f>CONCAT(1)</f><v></v>", b"<f>CONCAT(1)</f><v>7</v>")
                data = data.replace(b"<f>CONCAT(1)</f><v />", b"<f>CONCAT(1)</f><v>7</v>")
            new.writestr(member, data)

    assert faults(database, computed) == ["工作表“名册”第 5 行 J 列〔手机号码〕：单元格是错误值 #N/A"]
    assert (
        "工作表“名册”第 4 行 I 列〔工作单位及职务〕：公式没有算出结果，请在 Excel 中打开并保存一次"
        in faults(database, path)
    )


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


def test_a_misspelt_group_is_not_made_even_on_request(database: Database, city: City, tmp_path: Path):
    rows = [row(i, 界别="农业界", 专委会="经济委员会") for i in range(1, 8)]
    rows += [row(8, 界别="农业", 专委会="经济委"), row(9, 界别="科技界", 专委会="民族宗教委员会")]
    assert faults(database, roster(tmp_path / "a.xlsx", rows), create_groups=True) == [
        "工作表“名册”第 11 行 F 列〔界别〕：界别“农业”只出现一次，是不是“农业界”？确是另一个的，请先在系统中新建",
        "工作表“名册”第 11 行 G 列〔专委会〕：专委会“经济委”只出现一次，是不是“经济委员会”？确是另一个的，请先在系统中新建",
    ]


def test_members_who_are_not_in_the_sheet_are_named_and_left_alone(
    database: Database, city: City, tmp_path: Path
):
    import_roster(database, roster(tmp_path / "a.xlsx", [row(i) for i in range(1, 4)]))
    report = import_roster(database, roster(tmp_path / "b.xlsx", [row(1)]))
    assert report.notes[0].startswith("系统中另有 2 名委员不在这份名册里，未作更改：")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,phone\n", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls 文件或设有打开密码"),
        (b"PK\x03\x04 broken", "不是 Excel 工作簿"),
    ],
)
def test_files_that_are_no_workbook_are_refused(
    database: Database, tmp_path: Path, content: bytes, said: str
):
    (tmp_path / "roster.xlsx").write_bytes(content)
    with pytest.raises(UnreadableWorkbookError, match=said):
        import_roster(database, tmp_path / "roster.xlsx")


def test_bombs_and_huge_sheets_are_refused(database: Database, city: City, tmp_path: Path):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (80 * 2**20))
    with pytest.raises(UnreadableWorkbookError, match="解压后超过 64 MB"):
        import_roster(database, bomb)

    far = roster(tmp_path / "far.xlsx", [row(1)])
    for place, said in (("A30000", "太大"), ("A2000000000", "已损坏")):
        moved = tmp_path / f"{place}.xlsx"
        with zipfile.ZipFile(far) as old, zipfile.ZipFile(moved, "w") as new:
            for member in old.infolist():
                data = old.read(member)
                if member.filename.endswith("sheet1.xml"):
                    cell = f'<row r="{place[1:]}"><c r="{place}"><v>1</v></c></row></sheetData>'
                    data = data.replace(b"</sheetData>", cell.encode())
                new.writestr(member, data)
        with pytest.raises(UnreadableWorkbookError, match=said):
            import_roster(database, moved)

    book = Workbook()
    active: Any = book.active
    active.append(["姓名", "界别"])
    book.save(tmp_path / "no-phones.xlsx")
    assert faults(database, tmp_path / "no-phones.xlsx") == ["工作表“Sheet”第 1 行：表头缺少〔手机号码〕一列"]
    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(UnreadableWorkbookError, match="找不到表头"):
        import_roster(database, tmp_path / "empty.xlsx")


def test_the_template_filled_in_is_a_roster(database: Database, city: City, tmp_path: Path):
    template(tmp_path / "roster.xlsx")
    book = load_workbook(tmp_path / "roster.xlsx")
    sheet: Any = book["委员名册"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {
        "姓名": "周文",
        "界别": "教育界",
        "手机号码": "13800138000",
        "工作单位及职务": "=cmd|x",
    }.items():
        sheet.cell(2, at[name], value).data_type = "s"
    book.save(tmp_path / "filled.xlsx")

    report = import_roster(database, tmp_path / "filled.xlsx", passwords=tmp_path / "p.csv")

    assert report.counts["新增"] == 1


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
