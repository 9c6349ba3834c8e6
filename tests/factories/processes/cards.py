"""What cards are told, made by hand: records of one member, and the sections that come of them."""

from datetime import date

from app.cards.facts import CardFacts, CardRecord, FactsSpan
from app.cards.format import SectionDict
from app.cards.sections.compose import compose
from app.duty.kinds import KINDS
from app.points.engine.score import Duty

YEAR = FactsSpan("2026", "2026年度", date(2026, 1, 1), date(2026, 12, 31), 2026)
TERM = FactsSpan("term", "第十六届", date(2024, 1, 1), date(2028, 12, 31))
HELD = (date(2024, 1, 1), date(2028, 12, 31))
PROPOSAL = Duty("proposal", "提交提案", 0, 1, "件", "提交或联名一件提案", [])
PLENARY = Duty("plenary", "参加全体会议", 1, 3, "半天", "参加全体会议并签到", [])
MET = Duty("opinion", "报送社情民意信息", 1, 1, "篇", "报送一篇社情民意信息", [])


def record(kind: str, on: date, quantity: int = 1, subject_id: int = 1, title: str = "") -> CardRecord:
    return CardRecord(kind, on, on.year, quantity, (KINDS[kind].subject_type, subject_id), title)


def facts(
    *records: CardRecord, period: FactsSpan = YEAR, today: date = date(2027, 1, 1), **more: object
) -> CardFacts:
    given: dict[str, object] = {
        "replies": (),
        "answers": (),
        "supports": (),
        "best_update": None,
        "best_opinion": None,
        "journey_of": None,
        "journey": (),
        "cosigners": (),
        "partners": (),
        "writings": (),
        "held": HELD,
        "minimums": (),
        "end": None,
    }
    return CardFacts(
        seat={
            "id": 7,
            "name": "沈知遥",
            "sector": "经济界",
            "committees": [],
            "post": "委员",
            "organization": "政协云川市委员会",
            "term": "第十六届",
        },
        period=period,
        today=today,
        everything=sorted(records, key=lambda r: r.on),
        **(given | more),  # type: ignore[arg-type]
    )


def sections(given: CardFacts) -> dict[str, SectionDict]:
    return {section["kind"]: section for section in compose(given)["sections"]}


def values(section: SectionDict) -> dict[str, float]:
    return {figure["key"]: figure["value"] for figure in section["figures"]}
