"""Rulesets, scores and boards of points, through the API."""

from typing import Any

from app.core import outbox
from tests.factories.city import City, Who

RULES = """\
name: 试行办法
pass_mark: 10
rules:
  - {id: update, label: 发布动态, kinds: [update.posted], points: 2, at_most: 4}
  - {id: reply, label: 参与讨论, kinds: [reply.posted], points: 1}
  - {id: honor, label: 获得荣誉, kinds: [honor.received], points: 5}
  - {id: opinion, label: 报送信息, kinds: [opinion.submitted], points: 3}
  - {id: absent, label: 缺席, kinds: [activity.absent], points: -2}
minimums:
  - {id: update, label: 发布动态, kinds: [update.posted], count: 3, advice: 发布三条动态}
scales:
  - id: grade
    label: 等次
    bands:
      - {label: 优秀, top: 50, needs_minimums: true}
      - {label: 合格, points: 4, colour: "#27ae60"}
      - {label: 待努力}
boards:
  - {id: members, label: 委员, posts: [member]}
  - {id: standing, label: 常委, posts: [chair, vice_chair, secretary_general, standing_member]}
"""


def draft(staff: Who, text: str = RULES, year: int = 2026) -> int:
    made = staff.post("/api/v1/rulesets", {"text": text, "duty_year": year, "reason": "常委会会议通过"})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def done(city: City) -> None:
    while outbox.run_due(city.database):
        pass


def publish(city: City, staff: Who, text: str = RULES, year: int = 2026) -> int:
    ruleset = draft(staff, text, year)
    assert staff.put(f"/api/v1/rulesets/{ruleset}/publication").status_code == 204
    done(city)
    assert staff.get(f"/api/v1/rulesets/{ruleset}").json()["state"] == "published"
    return ruleset


def score(who: Who, of: Who, **query: Any) -> dict[str, Any]:
    answer = who.get(f"/api/v1/seats/{of.seat_id}/score", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def board(who: Who, **query: Any) -> dict[str, Any]:
    answer = who.get("/api/v1/points-board", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def places(of: dict[str, Any]) -> list[tuple[int, str, float]]:
    return [(row["rank"], row["seat"]["name"], row["points"]) for row in of["items"]]
