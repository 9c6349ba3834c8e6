"""What stands in an annual bulletin: as a document in the official layout, and as a workbook with all its figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.bulletins.rules import DIMENSION_LABELS, Dimension
from app.core import clock
from app.core.excel.writer import TableOut
from app.duty.measures.rules import MEASURES, value
from app.exports.proposals.document import file_name
from app.exports.renderers.document import Document, DocumentTable, Text, Together
from app.people.service import numeral

Row = Mapping[str, Any]

#: The kinds that a document compares groups by; the workbook has all.
_COMPARED = ("proposal.filed", "activity.attended", "reply.posted")


@dataclass(frozen=True)
class YearOfAll:
    """A bulletin as `BulletinDetail`, its groups as `BulletinGroupKinds`, and, for staff, rows of `BulletinUnmet`."""

    bulletin: Row
    groups: Mapping[Dimension, Sequence[Row]]
    unmet: Sequence[Row] | None
    day: date

    @property
    def name(self) -> str:
        """What its files are called."""
        of = self.bulletin
        version = f"（第{of['version']}版）" if of["version"] > 1 else ""
        return file_name(f"{of['duty_year']}年度委员履职情况通报{version}")


def paper(of: YearOfAll) -> Document:
    """The bulletin as a document."""
    said = of.bulletin
    parts: list[tuple[str, list[Text | DocumentTable]]] = [("总体情况", list(_whole(said)))]
    parts += [
        (f"各{DIMENSION_LABELS[by]}情况", list(_groups(by, rows))) for by, rows in of.groups.items() if rows
    ]
    if of.unmet is not None:
        parts.append(("未达到最低履职要求的委员（内部掌握）", list(_unmet(of.unmet))))
    parts.append(("统计口径", [Text("body", line) for line in said["how"]]))
    draft = f"（{said['state_label']}）" if said["published_at"] is None else ""
    return Document(
        name=of.name,
        author=said["organization"],
        blocks=(
            Text("issuer", said["organization"]),
            Text("number", f"{said['label']} 第{said['version']}版{draft}"),
            Text("title", f"{said['duty_year']}年度委员履职情况通报"),
            *(Text("body", line) for line in map(str.strip, said["preface"].split("\n")) if line),
            *(Text("body", f"更正说明：{said['reason']}") for _ in range(bool(said["reason"]))),
            *(
                block
                for place, (heading, blocks) in enumerate(parts, 1)
                for block in (Text("heading", f"{numeral(place)}、{heading}"), *blocks)
            ),
            Together(
                (
                    Text("closing", said["organization"]),
                    Text("closing", clock.in_words(of.day)),
                )
            ),
        ),
    )


def _whole(said: Row) -> Iterator[Text | DocumentTable]:
    now, before, active = said["now"], said["before"], said["active"]["now"]
    until = "" if said["complete"] else f"截至{clock.in_words(said['counted_on'])}，"
    past = before["label"]
    yield Text(
        "body",
        f"{until}本年度在任委员{now['seats']['count']}人，折合{now['full_time']}人"
        f"（{past}{before['seats']['count']}人，折合{before['full_time']}人）；"
        f"有履职记录的{active['members']['count']}人。",
    )
    if said["ruleset"]:
        yield Text("body", f"积分按《{said['ruleset']}》计算，平均{_number(now['mean_points'])}分。")
    yield Text("caption", f"各类履职（本年/{past}）")
    yield DocumentTable(
        rows=tuple(
            (
                row["kind_label"],
                *(_beside(row, figure) for figure in ("subjects", "records", "members")),
                _per_head(row),
                _change(row["change"]),
            )
            for row in said["kinds"]
        ),
        widths=(9, 6, 6, 5, 6, 5),
        head=("类别", "件（场）", "人次", "人数", "人均", "增减"),
    )
    yield from _results(said)


def _measured(kinds: Sequence[Row]) -> list[tuple[Any, ...]]:
    """What came of each kind by measure, this year and before: labels and amounts in units."""
    found = []
    for row in kinds:
        now, before = ({one["measure"]: one for one in row[year]["measures"]} for year in ("now", "before"))
        for measure, rule in MEASURES.items():
            if measure in now or measure in before:
                amounts = (of[measure]["amount"] if measure in of else 0 for of in (now, before))
                found.append(
                    (row["kind_label"], rule.label, rule.unit, *(value(measure, one) for one in amounts))
                )
    return found


def _results(said: Row) -> Iterator[Text | DocumentTable]:
    if rows := _measured(said["kinds"]):
        yield Text("caption", f"履职成效（本年/{said['before']['label']}）")
        yield DocumentTable(
            rows=tuple((kind, label, f"{now:,}/{before:,}", unit) for kind, label, unit, now, before in rows),
            widths=(8, 7, 9, 4),
            head=("类别", "成效", "合计", "单位"),
        )


def _beside(row: Row, figure: str) -> str:
    return f"{row['now'][figure]['count']}/{row['before'][figure]['count']}"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _change(value: float | None) -> str:
    return "—" if value is None else f"{value:+.1%}" if value else "持平"


def _groups(by: Dimension, groups: Sequence[Row]) -> Iterator[Text | DocumentTable]:
    labels = {kind["kind"]: kind["kind_label"] for group in groups for kind in group["kinds"]}
    kinds = [kind for kind in _COMPARED if kind in labels]
    put = ["集体提案"] * (by == "body")
    yield Text(
        "caption",
        f"各{DIMENSION_LABELS[by]}委员数和人均（本年/{groups[0]['before']['label']}）、本年平均积分",
    )
    yield DocumentTable(
        rows=tuple(
            (
                group["name"],
                f"{group['now']['seats']['count']}/{group['before']['seats']['count']}",
                *(_of_kind(group, kind) for kind in kinds),
                *(
                    f"{group['now']['proposals']['count']}/{group['before']['proposals']['count']}"
                    for _ in put
                ),
                _number(group["now"]["mean_points"]),
            )
            for group in groups
        ),
        widths=(8, 5, *(6 for _ in kinds), *(6 for _ in put), 5),
        head=(DIMENSION_LABELS[by], "委员数", *(labels[kind] for kind in kinds), *put, "平均积分"),
    )


def _of_kind(group: Row, kind: str) -> str:
    found = next((each for each in group["kinds"] if each["kind"] == kind), None)
    return _per_head(found) if found else "—"


def _per_head(row: Row) -> str:
    return f"{_number(row['now']['per_head'])}/{_number(row['before']['per_head'])}"


def _unmet(rows: Sequence[Row]) -> Iterator[Text | DocumentTable]:
    if not rows:
        yield Text("body", "全体委员均达到最低履职要求。")
        return
    yield Text("body", f"共{len(rows)}人。")
    yield DocumentTable(
        rows=tuple(
            (
                row["seat"]["name"],
                row["seat"]["post_label"],
                row["seat"]["sector"],
                "；".join(_left(duty) for duty in row["duties"]),
            )
            for row in rows
        ),
        widths=(4, 4, 5, 12),
        head=("姓名", "职务", "界别", "尚缺"),
    )


def _left(duty: Row) -> str:
    return f"{duty['label']}（完成{duty['done']}，应为{duty['due']}）"


_COUNTS = ("件（场）", "人次", "人数", "数量", "人均")
_CROWD = ("委员数", "折合人数", "平均积分")


def tables(of: YearOfAll) -> Iterator[TableOut]:
    """The bulletin as sheets: figures as numbers, one row for each kind, group, or kind of a group."""
    said, past = of.bulletin, of.bulletin["before"]["label"]
    counts = [(f"{year}{name}", 12) for year in ("", past) for name in _COUNTS]
    kinds = [("类别", 22), ("单位", 8), ("数量单位", 10), *counts, ("人均增减（%）", 12)]
    yield TableOut("总体情况", kinds, (_kind(row) for row in said["kinds"]))
    results = [("类别", 22), ("成效", 14), ("单位", 8), ("合计", 16), (f"{past}合计", 16)]
    if measured := _measured(said["kinds"]):
        yield TableOut("履职成效", results, map(list, measured))
    for by, groups in of.groups.items():
        if not groups:
            continue
        label = DIMENSION_LABELS[by]
        crowd = (*_CROWD, "集体提案") if by == "body" else _CROWD
        head = [(label, 22), *((f"{year}{name}", 12) for year in ("", past) for name in crowd)]
        yield TableOut(label, head, ([g["name"], *_crowd(g["now"]), *_crowd(g["before"])] for g in groups))
        rows = ([group["name"], *_kind(row)] for group in groups for row in group["kinds"])
        yield TableOut(f"{label}分类", [(label, 22), *kinds], rows)
        of_groups = [[group["name"], *row] for group in groups for row in _measured(group["kinds"])]
        if of_groups:
            yield TableOut(f"{label}成效", [(label, 22), *results], of_groups)
    if of.unmet is not None:
        who = (("姓名", 12), ("职务", 12), ("界别", 22), ("任职月数", 10), ("积分", 10))
        duty = (("最低要求", 22), ("完成", 8), ("应为", 8), ("如何补足", 40))
        yield TableOut("未达最低要求（内部）", (*who, *duty), _unmet_rows(of.unmet))
    facts = [("政协组织", said["organization"]), ("年度", said["label"]), ("版本", said["version"])]
    facts += [("状态", said["state_label"]), ("起", said["starts_on"]), ("止", said["ends_on"])]
    facts += [("统计至", said["counted_on"]), ("日期", of.day), ("积分办法", said["ruleset"])]
    facts += [("更正说明", said["reason"])]
    yield TableOut(
        "说明", (("项目", 14), ("内容", 90)), [*facts, *(("统计口径", line) for line in said["how"])]
    )


def _crowd(of: Row) -> list[Any]:
    put = [of["proposals"]["count"]] if of["proposals"] else []
    return [of["seats"]["count"], of["full_time"], of["mean_points"], *put]


def _kind(row: Row) -> list[Any]:
    measured = row["quantity_unit"] != row["unit"] or row["unit"] == "分钟"
    cells = [row["kind_label"], "次" if row["unit"] == "分钟" else row["unit"]]
    cells.append(row["quantity_unit"] if measured else None)
    for year in ("now", "before"):
        of = row[year]
        cells += [of[figure]["count"] for figure in ("subjects", "records", "members")]
        cells += [of["quantity"] if measured else None, of["per_head"]]
    return [*cells, None if row["change"] is None else round(row["change"] * 100, 1)]


def _unmet_rows(rows: Sequence[Row]) -> Iterator[list[Any]]:
    for row in rows:
        seat = row["seat"]
        who = [seat["name"], seat["post_label"], seat["sector"], row["months"], row["points"]]
        for duty in row["duties"]:
            yield [*who, *(duty[name] for name in ("label", "done", "due", "advice"))]
