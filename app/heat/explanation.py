"""The formula of heat in words, with examples that are computed by it."""

from datetime import date, datetime, timedelta
from typing import Any

from app.core import clock
from app.heat import formula
from app.heat.formula import (
    HALF_LIFE_DAYS,
    LABELS,
    NOW_DAYS,
    SPEAKING_DAYS,
    Circle,
    Given,
    HeatAct,
    ScorePart,
)
from app.people.models import STANDING_POSTS

FORMULA: dict[str, Any] = {
    "version": formula.VERSION,
    "text": [
        "热力看有多少位委员回应您，不看您发了多少条。",
        "每有一位其他委员回复或赞同您，计1分；同一位委员每个自然月只计一次，记在首次回应那天。",
        f"您发表有内容的意见、动态或对其他委员的回复，当天计1分；同一天只计一次，每个自然月最多计{SPEAKING_DAYS}天。",
        "两位委员当月互相回应，只计先得到回应的一方；当月互相回应的几位委员先后回应同一人，合计一位。",
        f"回应者近一年内自己也发表过有内容的发言；文字太少（不足{formula.SUBSTANCE}个不同的词组）或三个月内已有人发过的，不计。",
        "与本人的互动、机关工作人员的互动、已删除或已隐藏的内容都不计。",
        f"实时榜统计最近{NOW_DAYS}天，每天的得分每过{HALF_LIFE_DAYS}天减半，保留一位小数；各榜都按组织所在时区的自然日计算。",
        "常务委员以上单独列榜，“全部”榜只排其他委员，界别榜和专委会榜两者都排；同分名次并列，只排在任且有得分的委员。",
    ],
    "points": dict.fromkeys((part.value for part in ScorePart), 1),
    "once": {"speaking": "day", "response": "member_and_month"},
    "speaking_days": SPEAKING_DAYS,
    "substance": formula.SUBSTANCE,
    "active_days": formula.ACTIVE_DAYS,
    "half_life_days": HALF_LIFE_DAYS,
    "now_days": NOW_DAYS,
    "standing_posts": [post.value for post in STANDING_POSTS],
}

_ME, _B, _C, _D, _E = range(1, 6)
_NAMES = {_B: "乙", _C: "丙", _D: "丁", _E: "戊"}
_DAY = date(2026, 3, 2)
_MONTH = formula.month(_DAY)


def _at(hour: float, days: int = 0) -> tuple[datetime, date]:
    on = _DAY + timedelta(days=days)
    return clock.day_starts(on, "Asia/Shanghai") + timedelta(hours=hour), on


def _own(
    part: ScorePart, hour: float, title: str, *, days: int = 0, to: int | None = None, flaw: str | None = None
) -> HeatAct:
    return HeatAct(part, *_at(hour, days), ("update", int(hour * 60) + days * 2000), None, to, title, flaw)


def _response(by: int, hour: float, verb: str, days: int = 0) -> HeatAct:
    title = f"{_NAMES[by]}委员{verb}"
    return HeatAct(ScorePart.ECHO, *_at(hour, days), ("reply", int(hour * 60)), None, by, title)


_EXAMPLES: list[tuple[str, list[HeatAct], Circle]] = [
    (
        "一条有内容的动态，三位委员回应",
        [
            _own(ScorePart.UPDATE, 9, "您发布走访见闻"),
            _response(_B, 10, "回复您"),
            _response(_C, 11, "赞同您"),
            _response(_D, 12, "赞同您"),
            _response(_D, 13, "又赞同您的另一条"),
        ],
        Circle(),
    ),
    (
        "一天连发十二条“好”",
        [
            _own(ScorePart.UPDATE, 9, "第1条“好”", flaw=formula.SHORT),
            _own(ScorePart.UPDATE, 9.1, "第2条到第12条“好”", flaw=formula.COPY),
        ],
        Circle(),
    ),
    (
        "把一篇长文拆开，两天发四条",
        [
            _own(ScorePart.UPDATE, 9, "第一天第1条"),
            _own(ScorePart.UPDATE, 9.5, "第一天第2条"),
            _own(ScorePart.UPDATE, 9, "第二天第1条", days=1),
            _own(ScorePart.UPDATE, 9.5, "第二天第2条", days=1),
        ],
        Circle(),
    ),
    (
        "您先回复乙委员，乙委员再回复您",
        [_own(ScorePart.REPLY, 9, "您回复乙委员", to=_B), _response(_B, 10, "回复您")],
        Circle(given=[Given(_B, _MONTH, _at(9)[0])]),
    ),
    (
        "三位互相点赞的委员都来赞同您",
        [_response(_B, 9, "赞同您"), _response(_C, 10, "赞同您"), _response(_E, 11, "赞同您")],
        Circle(mutual={(_MONTH, a, b) for a in (_B, _C, _E) for b in (_B, _C, _E) if a != b}),
    ),
]


def examples() -> list[dict[str, Any]]:
    """What the formula gives in some cases, each act with its point or the reason why it gives none."""
    shown = []
    for title, acts, circle in _EXAMPLES:
        lines = formula.score(_ME, acts, circle)
        shown.append(
            {
                "title": title,
                "heat": sum(line.points for line in lines),
                "lines": [
                    {
                        "title": line.act.title,
                        "part_label": LABELS[line.act.part],
                        "points": line.points,
                        "reason": line.reason,
                    }
                    for line in lines
                ],
            }
        )
    return shown
