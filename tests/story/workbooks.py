"""Workbooks as secretariats keep them: a roster of 642 members, and a year's attendance sheet."""

from pathlib import Path
from random import Random

from openpyxl import Workbook

SECTORS = [
    "中共", "民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "无党派", "共青团",
    "工会", "妇联", "青联", "工商联", "科协", "台联", "侨联", "文化艺术", "科学技术", "社会科学",
    "经济", "农业", "教育", "体育", "新闻出版", "医药卫生", "对外友好", "社会福利", "少数民族", "宗教", "特邀",
]  # fmt: skip
COMMITTEES = [
    "提案委员会", "经济委员会", "农业和农村委员会", "人口资源环境委员会", "教科卫体委员会",
    "社会法制委员会", "民族宗教委员会", "文化文史和学习委员会", "外事联谊委员会", "委员联络委员会",
]  # fmt: skip
_FAMILY = "苏柏秦温陆季穆乔闻卓蓝简颜施莫费向解应宗"
_GIVEN = "溪岚青禾予安知行牧之清越望舒景明若谷微澜怀瑾"
HEADER = [
    "序号",
    "委员编号",
    "姓 名",
    "性别",
    "出生年月",
    "民族",
    "界 别",
    "专委会",
    "政协职务",
    "工作单位及职务",
    "手机号码",
]
SIZE = 642
CAST = {1: "闻溪岚", 2: "柏望舒", 3: "卓䶮", 4: "季知行", 5: "阿依娜·买买提"}
FIRST_ROW = 5


def members() -> list[list[object]]:
    """642 rows in the order of `HEADER`."""
    chance, rows = Random(16), []
    for n in range(1, SIZE + 1):
        name = CAST.get(n) or chance.choice(_FAMILY) + "".join(
            chance.sample(_GIVEN, chance.choice((1, 2, 2)))
        )
        committees = "、".join(chance.sample(COMMITTEES, chance.choice((1, 1, 2))))
        rows.append(
            [
                n,
                f"16{n:04d}",
                name,
                chance.choice("男女"),
                f"19{chance.randint(55, 95)}.{chance.randint(1, 12):02d}",
                chance.choice(("汉族", "汉族", "汉族", "彝族", "回族")),
                SECTORS[(n - 1) % len(SECTORS)],
                committees,
                "常务委员" if 4 <= n <= 90 else "委员",
                "市内某单位",
                f"1990000{n:04d}",
            ]
        )
    return rows


def write_roster(path: Path, rows: list[list[object]]) -> None:
    """A roster under two title rows and a blank one, as it lies in offices."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "委员名册"
    sheet.append(["政协云川市第十六届委员会委员名册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append(["(内部资料,注意保存)"])
    sheet.append([])
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    book.save(path)


def spoilt(rows: list[list[object]]) -> tuple[list[list[object]], dict[str, str]]:
    """The rows with the faults that real rosters have, and the cell of each fault with a word of its message."""
    rows = [list(row) for row in rows]
    rows[9][10] = "199000000"  # a phone with digits missing
    rows[19][10] = rows[29][10]  # two members with one phone
    rows[39][6] = "农业界别"  # a sector that does not exist
    rows[49][2] = ""  # no name
    rows[59][8] = "常委员"  # a post that does not exist
    rows[69][4] = "1975年13月"  # a month that does not exist
    return rows, {
        f"第 {FIRST_ROW + 9} 行 K 列": "手机号码",
        f"第 {FIRST_ROW + 29} 行 K 列": "重复",
        f"第 {FIRST_ROW + 39} 行 G 列": "农业",
        f"第 {FIRST_ROW + 49} 行 C 列": "不能为空",
        f"第 {FIRST_ROW + 59} 行 I 列": "常委员",
        f"第 {FIRST_ROW + 69} 行 E 列": "出生年月",
    }


MEETINGS = [
    ("2026-01-15", "五次会议开幕会"),
    ("2026-01-18", "五次会议闭幕会"),
    ("2026-06-12", "年中情况通报会"),
]
#: How many of the meetings each of the cast attended; the next one was excused, the others missed.
ATTENDED = {1: 3, 2: 2, 3: 1}


def write_attendance(path: Path) -> None:
    """The attendance sheet of the year: members by meetings, √ came, △ on leave, × absent, blank not invited."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年度委员出席会议情况"])
    sheet.append(["序号", "委员编号", "姓名", *(title for _, title in MEETINGS)])
    sheet.append(["日期", "", "", *(day for day, _ in MEETINGS)])
    sheet.append(["类别", "", "", *(["全体会议"] * len(MEETINGS))])
    for n, (_, number, name, *_) in enumerate(members(), 1):
        came = ATTENDED.get(n, n % 4)
        marks = ["√" if i < came else "△(出差)" if i == came else "×" for i in range(len(MEETINGS))]
        sheet.append([n, number, name, *marks])
    book.save(path)
