"""Posters a second: `uv run python bench/posters.py [N]` renders N varied cards as `lvyi cards posters`."""

import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context

from app.cards.format import FORMAT, CardDict, FigureDict, SectionDict, SectionKind
from app.cards.posters.poster import Design, render

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "明华建文国志晓丽秀英海涛静敏燕伟军平勇杰磊洋娟艳霞玲芳燕红春梅兰竹菊松柏云雨雪霜山川河湖江溪岚峰岩石玉珍珠琳琅"
SUBJECTS = (
    "地下管网",
    "社区食堂",
    "加装电梯",
    "营商环境",
    "数字政务",
    "乡村教师",
    "湿地保护",
    "公交接驳",
    "家庭医生",
)
SECTORS = (
    "经济界",
    "教育界",
    "科学技术界",
    "医药卫生界",
    "文化艺术界",
    "农业界",
    "工商联",
    "少数民族界",
    "无党派人士",
)


def section(kind: SectionKind, title: str, text: str, value: int, unit: str, items: list[str]) -> SectionDict:
    """Return one section with one figure, when there is something to count."""
    figure: FigureDict = {"key": kind, "label": title, "value": value, "unit": unit, "records": None}
    return {
        "kind": kind,
        "title": title,
        "text": text,
        "figures": [figure] if value else [],
        "items": [{"title": item, "detail": "", "on": None} for item in items],
        "series": [],
    }


def keywords(words: list[str]) -> SectionDict:
    """Return the section of keywords, each said in some texts."""
    found = section("keywords", "关键词", "", 0, "", [])
    found["figures"] = [
        {"key": "keyword", "label": word, "value": 2, "unit": "篇", "records": None} for word in words
    ]
    return found


def card(number: int) -> CardDict:
    """Return the made-up card of seat `number`; the same number gives the same card."""
    chance = random.Random(number)
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2))))
    words = chance.sample(SUBJECTS, 5)
    months = [max(0, round(chance.gauss(9, 8))) for _ in range(12)]
    acts, filed = sum(months), chance.randint(0, 9)
    days = section("days", "履职天数", "", acts * 2 // 3, "天", [])
    days["series"] = [{"label": f"{month}月", "value": value} for month, value in enumerate(months, start=1)]
    sections = [
        section(
            "opening",
            "开篇",
            f"这一年，您用 {acts} 次履职，把{words[0]}与{words[1]}放在了心上。",
            acts,
            "次",
            [],
        ),
        days,
        section(
            "updates", "议政圈", f"您发布了 {acts // 5} 条动态，写得最多的是{words[2]}。", acts // 5, "条", []
        ),
        section(
            "deliberation",
            "网络议政",
            f"您留下 {acts // 2} 条意见，其中关于{words[3]}的一条引来热议。",
            acts // 2,
            "次",
            [],
        ),
        section(
            "proposals",
            "提案",
            f"您有 {filed} 件提案立案，承办单位已全部答复。",
            filed,
            "件",
            [f"《关于完善{words[4]}的提案》"],
        ),
        section("reading", "委员读书", f"您共读 {filed + 2} 本书。", 60 * filed, "分钟", []),
        keywords(words),
        section("closing", "结语", f"感谢您为{words[1]}奔走，来年再与云川同行。", 0, "", []),
    ]
    return {
        "format": FORMAT,
        "period": {
            "kind": "year",
            "label": "2026年度",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "complete": True,
            "as_of": "2026-12-31",
        },
        "seat": {
            "id": number,
            "name": name,
            "sector": chance.choice(SECTORS),
            "committees": ["提案委员会"],
            "post": "委员",
            "organization": "政协云川市委员会",
            "term": "第十六届",
        },
        "sections": sections,
    }


def drawn(number: int, name: str) -> bytes:
    """Render one card as `year`, `term` or `elder`."""
    made = card(number)
    if name == "term":
        made["period"] |= {"kind": "term", "label": "第十六届", "starts_on": "2022-01-01"}
        made["sections"][1]["series"] = [
            {"label": f"{2022 + place}年", "value": point["value"]}
            for place, point in enumerate(made["sections"][1]["series"][:5])
        ]
    design: Design = "elder" if name == "elder" else "standard"
    return render(made, f"https://lvyi.example.cn/v/{number:032x}", design)


def batch(numbers: range, name: str) -> tuple[int, int, float]:
    """Render these cards; return how many, the bytes of all PNGs and the CPU seconds they took."""
    started = time.process_time()
    size = sum(len(drawn(number, name)) for number in numbers)
    return len(numbers), size, time.process_time() - started


def main() -> None:
    """Print posters of each design a second over all cores, their CPU and bytes: cold start included, and warm."""
    count = int(next(islice(sys.argv, 1, None), "642"))
    cores = os.cpu_count() or 1
    ranges = [range(first, min(first + 16, count)) for first in range(0, count, 16)]
    for name in ("year", "term", "elder"):
        with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
            for state in ("cold", "warm"):
                started = time.perf_counter()
                done = list(pool.map(partial(batch, name=name), ranges))
                wall = time.perf_counter() - started
                size, cpu = sum(part[1] for part in done), sum(part[2] for part in done)
                print(
                    f"{name}, {state}: {count} posters on {cores} cores in {wall:.1f} s = {count / wall:.0f}/s; "
                    f"{cpu / count * 1e3:.1f} ms CPU and {size / count / 1e3:.0f} kB a poster"
                )


if __name__ == "__main__":
    main()
