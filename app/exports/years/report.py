"""What stands in the yearly duty report: figures by kind, words of the standing committee, every record."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.core import clock
from app.duty.kinds import KINDS
from app.exports.proposals.document import file_name
from app.exports.renderers.document import Document, DocumentTable, Text, Together
from app.exports.years.queries import Row, YearOfDuty
from app.people.service import numeral


def report(of: YearOfDuty) -> Document:
    """The report; its figures are counted from the very records that it lists."""
    order = list(KINDS)
    rows = sorted(of.records, key=lambda r: (order.index(r["kind"]), r["on"], r["id"]))
    kinds = [list(group) for _, group in groupby(rows, key=lambda r: r["kind"])]
    parts: list[tuple[str, list[Text | DocumentTable]]] = [("履职情况统计", list(_figures(kinds)))]
    parts += [(heading, _paragraphs(text)) for heading, text in of.passages]
    parts.append(("履职记录", [block for group in kinds for block in _listed(group)]))
    name, seat = f"{of.year}年度履职报告", of.seat
    return Document(
        name=file_name(f"{seat['name']}{name}"),
        author=seat["name"],
        blocks=(
            Text("issuer", of.organization),
            Text("number", of.term if of.label == f"{of.year}年度" else f"{of.term} {of.label}"),
            Text("title", name),
            _facts(seat),
            *(
                block
                for place, (heading, blocks) in enumerate(parts, 1)
                for block in (Text("heading", f"{numeral(place)}、{heading}"), *blocks)
            ),
            Together(
                (
                    Text("closing", f"报告人：{seat['name']}"),
                    Text("closing", clock.in_words(of.today)),
                )
            ),
        ),
    )


def _facts(seat: Row) -> DocumentTable:
    committees = "、".join(committee["name"] for committee in seat["committees"])
    rows = (
        ("姓名", seat["name"], "职务", seat["post_label"]),
        ("界别", seat["sector"], "专委会", committees or "—"),
    )
    return DocumentTable(rows=rows, widths=(2, 5, 2, 5), labels=(0, 2))


def _figures(kinds: Sequence[Sequence[Row]]) -> Iterator[Text | DocumentTable]:
    total = sum(map(len, kinds))
    if not total:
        yield Text("body", "本年度没有履职记录。")
        return
    yield Text("body", f"本年度共有履职记录{total}条。")
    rows = tuple(
        (group[0]["kind_label"], str(len(group)), f"{sum(r['quantity'] for r in group)} {group[0]['unit']}")
        for group in kinds
    )
    yield DocumentTable(rows=rows, widths=(6, 3, 4), head=("事项", "记录数", "数量"))


def _title(record: Row) -> str:
    """What a record is called, and what came of it."""
    results = "，".join(f"{one['measure_label']} {one['text']}" for one in record["measures"])
    return f"{record['title']}（{results}）" if results else str(record["title"])


def _listed(group: Sequence[Row]) -> Iterator[Text | DocumentTable]:
    first = group[0]
    yield Text("caption", f"{first['kind_label']}（{len(group)}条）")
    yield DocumentTable(
        rows=tuple((str(r["on"]), _title(r), r["role_label"], r["level_label"]) for r in group),
        widths=(3, 7, 2, 2),
        head=("日期", "内容", "角色", "层级"),
    )


def _paragraphs(text: str) -> list[Text | DocumentTable]:
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    return [Text("body", line) for line in lines or ["（未填写）"]]
