"""Faults of rosters: each is named by its place, and nothing is imported."""

import zipfile
from pathlib import Path

from sqlmodel import Session, func, select

from app.core.db import Database
from app.people.models import Person
from app.people.roster.imports import import_roster
from tests.factories.city import City
from tests.factories.workbooks.rosters import HEADER, faults, roster, row


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


def test_a_misspelt_group_is_not_made_even_on_request(database: Database, city: City, tmp_path: Path):
    rows = [row(i, 界别="农业界", 专委会="经济委员会") for i in range(1, 8)]
    rows += [row(8, 界别="农业", 专委会="经济委"), row(9, 界别="科技界", 专委会="民族宗教委员会")]
    assert faults(database, roster(tmp_path / "a.xlsx", rows), create_groups=True) == [
        "工作表“名册”第 11 行 F 列〔界别〕：界别“农业”只出现一次，是不是“农业界”？确是另一个的，请先在系统中新建",
        "工作表“名册”第 11 行 G 列〔专委会〕：专委会“经济委”只出现一次，是不是“经济委员会”？确是另一个的，请先在系统中新建",
    ]
