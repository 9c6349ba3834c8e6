"""The figures of units, their league, and the lists that they open."""

from datetime import timedelta
from typing import Any

import pytest

from app.auth.permissions import Role
from app.core import clock
from app.statistics import rules
from app.statistics.rules import MEASURES, FigureName
from tests.factories.city import City, Who
from tests.factories.domains.handling import (
    assigned,
    handling,
    in_days,
    rated,
    replied,
    talked,
    worked,
    wrote,
)
from tests.factories.domains.proposals import done, filed, opened_window

LEAGUE = "/api/v1/statistics/units"


class Town:
    """Three units at work on proposals of one author, and those who look at what they do."""

    def __init__(self, city: City) -> None:
        self.city, self.staff, self.leader = city, city.staff(), city.staff(Role.LEADER, "主席甲")
        self.author, self.member = city.member("周岚"), city.member("吴远")
        self.education = city.staff(Role.UNIT_OFFICER, "教育局")
        self.housing = city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局"))
        self.transport = city.staff(Role.UNIT_OFFICER, "交通局", unit=city.unit("市交通局"))
        self.window_id = opened_window(self.staff)
        self.waiting: dict[int, int] = {}

    def filed(self) -> int:
        return filed(self.city, self.author, self.staff)

    def later(self, days: int) -> Any:
        return clock.frozen_at(clock.now() + timedelta(days=days))

    def log_in(self) -> None:
        for who in (self.staff, self.leader, self.author, self.member, self.education, self.housing):
            self.city.log_in(who)


@pytest.fixture
def town(city) -> Town:
    """Education answers twice, once in person and once only when told to do it again; housing has not yet begun."""
    town = Town(city)
    a_visit_and_an_answer_that_pleases(town)
    an_answer_that_does_not_please_and_another_one(town)
    town.waiting = two_that_wait(town)
    a_wrong_unit_gives_it_back(town)
    return town


def a_visit_and_an_answer_that_pleases(town: Town) -> None:
    number = town.filed()
    ids = assigned(town.city, town.staff, number, lead=0, co=2)
    worked(town.education, number, ids["市教育局"], "sign")
    talked(town.education, number, ids["市教育局"], form="visit")
    worked(town.education, number, ids["市教育局"], "start_handling")
    wrote(town.education, number, ids["市教育局"], asked=2, adopted=2)
    worked(town.education, number, ids["市教育局"], "submit_reply")
    worked(town.staff, number, ids["市教育局"], "approve_reply")
    [reply] = handling(town.author, number)["to_rate"]
    rated(town.author, number, reply, private_remark="只说给机关")
    done(town.staff, number, "close")  # from then on its ratings count


def an_answer_that_does_not_please_and_another_one(town: Town) -> None:
    number = town.filed()
    own = assigned(town.city, town.staff, number, lead=0)["市教育局"]
    worked(town.education, number, own, "sign")
    talked(town.education, number, own, form="phone")
    worked(town.education, number, own, "start_handling")
    wrote(town.education, number, own, asked=4, adopted=1)
    worked(town.education, number, own, "submit_reply")
    worked(town.staff, number, own, "approve_reply")
    [first] = handling(town.author, number)["to_rate"]
    rated(town.author, number, first, attitude="basically", result="dissatisfied")
    done(town.staff, number, "rehandle", reason="提案人不满意。")
    promise: Any = {"commitment": "新增托育点十个", "commitment_due_on": in_days(30)}
    wrote(town.education, number, own, asked=4, adopted=3, result_class="under_way", **promise)
    worked(town.education, number, own, "submit_reply")
    worked(town.staff, number, own, "approve_reply")
    [second] = handling(town.author, number)["to_rate"]
    rated(town.author, number, second, result="basically")
    [kept] = handling(town.staff, number)["commitments"]
    path = f"/api/v1/proposal-commitments/{kept['id']}/notes"
    assert town.education.post(path, {"action": "kept", "body": "十个都已开放。"}).status_code == 201
    done(town.staff, number, "close")


def two_that_wait(town: Town) -> dict[int, int]:
    """Assignments of housing by proposal."""
    numbers = [town.filed(), town.filed()]
    return {n: assigned(town.city, town.staff, n, lead=1)["市住房保障局"] for n in numbers}


def an_answer_that_is_late_and_promises_something(town: Town) -> None:
    number, own = next(iter(town.waiting.items()))
    with town.later(120):
        town.log_in()
        promise: Any = {"commitment": "加装电梯三十部", "commitment_due_on": in_days(40)}
        replied(town.housing, town.staff, number, own, asked=5, adopted=2, result_class="planned", **promise)


def a_wrong_unit_gives_it_back(town: Town) -> None:
    number = town.filed()
    wrong = assigned(town.city, town.staff, number, lead=2)["市交通局"]
    worked(town.transport, number, wrong, "request_return", reason="不属于我局职责。")
    worked(town.staff, number, wrong, "accept_return")


def counts(row: dict[str, Any]) -> dict[str, int]:
    """The figures that are not zero."""
    return {f["figure"]: f["count"] for f in row["figures"] if f["count"]}


def rates(measures: list[dict[str, Any]]) -> dict[str, float | None]:
    return {m["measure"]: m["rate"] for m in measures}


def opened(who: Who, path: str) -> list[dict[str, Any]]:
    """Every row of the list at `path`, by pages of two."""
    rows: list[dict[str, Any]] = []
    following: str | None = ""
    while following is not None:
        answer = who.get(f"{path}&limit=2{following and f'&cursor={following}'}")
        assert answer.status_code == 200, answer.text
        rows += answer.json()["items"]
        following = answer.json()["next"]
    return rows


def test_the_league_counts_what_units_did(town):
    league = town.staff.get(LEAGUE).json()
    education, housing, transport = league["items"]
    assert [(r["unit"]["name"], r["rank"]) for r in league["items"]] == [
        ("市教育局", 1),
        ("市住房保障局", None),
        ("市交通局", None),
    ]
    assert counts(education) == {
        "assigned": 2, "answering": 2, "reply_due": 2, "on_time": 2, "answered": 2, "consulted": 1, "asked": 6,
        "adopted": 5, "commitments_due": 1, "commitments_kept": 1, "rated": 2, "attitude_satisfied": 2,
        "result_satisfied": 1, "result_basically": 1,
    }  # fmt: skip
    assert counts(transport) == {"assigned": 1, "helping": 1}
    assert counts(housing)["assigned"] == 2
    assert rates(education["measures"]) == {
        "on_time": 1, "consultation": 0.5, "adoption": 0.8333, "kept": 1, "attitude": 1, "result": 1,
    }  # fmt: skip
    result = next(m for m in education["measures"] if m["measure"] == "result")
    assert (result["apart"], result["share_apart"]) == ("result_basically", 0.5)
    assert "只说给机关" not in town.staff.get(LEAGUE).text


def test_time_makes_replies_late_and_promises_overdue(town):
    an_answer_that_is_late_and_promises_something(town)
    with town.later(200):
        town.log_in()
        period = f"starts_on={in_days(-210)}&ends_on={in_days(0)}"
        league = town.leader.get(f"{LEAGUE}?by=kept&{period}").json()
        ranked = {r["unit"]["name"]: (r["rank"], counts(r)) for r in league["items"]}
        assert ranked["市教育局"][0] == 1
        assert ranked["市住房保障局"] == (
            2,
            {
                "assigned": 2, "answering": 2, "reply_due": 2, "late": 2, "answered": 1, "asked": 5, "adopted": 2,
                "commitments_due": 1, "commitments_overdue": 1,
            },
        )  # fmt: skip
        assert ranked["市交通局"][1] == {"assigned": 1, "helping": 1}  # ended in time
        assert rates(league["average"])["adoption"] == round(7 / 11, 4)


def test_every_figure_opens_exactly_its_proposals(town):
    an_answer_that_is_late_and_promises_something(town)
    with town.later(200):
        town.log_in()
        window, days = f"window_id={town.window_id}", f"starts_on={in_days(-210)}&ends_on={in_days(0)}"
        everyone = (town.staff, window), (town.staff, days), (town.leader, days), (town.member, window)
        for who, query in (*everyone, (town.education, days)):
            for row in who.get(f"{LEAGUE}?{query}").json()["items"]:
                for figure in row["figures"]:
                    if figure["path"]:
                        rows = opened(who, figure["path"])
                        assert sum(r["count"] for r in rows) == figure["count"], figure
                        assert len({r["id"] for r in rows}) == len(rows)


def test_an_officer_sees_the_own_unit_beside_the_average(town):
    league = town.education.get(f"{LEAGUE}?by=adoption").json()
    assert [(r["unit"]["name"], r["rank"]) for r in league["items"]] == [("市教育局", 1)]
    assert rates(league["average"])["adoption"] == rates(town.staff.get(LEAGUE).json()["average"])["adoption"]
    own, other = town.city.units[0], town.city.units[1]
    alone = town.education.get(f"{LEAGUE}/{own}").json()
    assert {m["measure"]: m["rank"] for m in alone["measures"]}["consultation"] == 1
    assert town.education.get(f"{LEAGUE}/{other}").status_code == 404
    assert town.education.get(f"{LEAGUE}/{other}/proposals").status_code == 404
    idle = town.city.staff(Role.UNIT_OFFICER, "水利局", unit=town.city.unit("市水利局"))
    assert idle.get(LEAGUE).json()["items"] == []
    assert counts(idle.get(f"{LEAGUE}/{town.city.units[-1]}").json()) == {}


def test_members_see_how_units_were_rated_but_not_which_proposals(town):
    [row] = [r for r in town.member.get(LEAGUE).json()["items"] if r["unit"]["name"] == "市教育局"]
    closed = {f["figure"] for f in row["figures"] if f["path"] is None}
    assert closed == set(rules.GRADES)
    assert counts(row)["result_basically"] == 1
    list_ = f"{LEAGUE}/{town.city.units[0]}/proposals"
    refused = town.member.get(f"{list_}?figure=result_basically")
    assert (refused.status_code, refused.json()["code"]) == (403, "grades_closed")
    assert len(town.member.get(f"{list_}?figure=rated").json()["items"]) == 2


def test_a_later_rating_counts_instead_of_the_first(town):
    path = f"{LEAGUE}/{town.city.units[0]}"
    [row] = town.education.get(f"{path}/proposals?figure=commitments_kept").json()["items"]
    [reply] = [r for r in handling(town.author, row["id"])["replies"] if r["round"] == 2]
    assert rated(town.author, row["id"], reply["id"], stage=2, attitude="dissatisfied").status_code == 200
    found = counts(town.staff.get(path).json())
    assert (found["rated"], found["attitude_satisfied"], found["attitude_dissatisfied"]) == (2, 1, 1)
    assert found["result_satisfied"] == 2


def test_a_period_is_asked_for_in_one_way(town):
    today = clock.local_day(clock.now())
    for wrong in (
        f"year={today.year}&window_id={town.window_id}",
        f"starts_on={today}",
        f"starts_on={today}&ends_on={today - timedelta(days=1)}",
        "starts_on=0001-01-01&ends_on=9999-12-31",
        "year=1",
    ):
        assert town.staff.get(f"{LEAGUE}?{wrong}").status_code == 422, wrong
    assert town.staff.get(f"{LEAGUE}?window_id=999999").status_code == 404
    assert town.staff.get(f"{LEAGUE}/999999").status_code == 404
    assert town.staff.get(f"{LEAGUE}?year={today.year - 1}").json()["items"] == []
    assert town.staff.get(LEAGUE).json()["period"]["label"] == f"{today.year}年度"


def test_pages_of_the_league_follow_each_other(town):
    first = town.staff.get(f"{LEAGUE}?by=consultation&limit=2").json()
    second = town.staff.get(f"{LEAGUE}?by=consultation&limit=2&cursor={first['next']}").json()
    names = [r["unit"]["name"] for r in first["items"] + second["items"]]
    assert names == ["市教育局", "市住房保障局", "市交通局"]
    assert second["next"] is None


def test_ties_share_a_rank():
    def unit(on_time: int, due: int) -> dict[FigureName, int]:
        return dict.fromkeys(FigureName, 0) | {FigureName.ON_TIME: on_time, FigureName.REPLY_DUE: due}

    league = {1: unit(1, 3), 2: unit(3, 3), 3: unit(2, 6), 4: unit(0, 0), 5: unit(0, 9)}
    assert rules.ranks(league, "on_time") == {2: 1, 1: 2, 3: 2, 5: 4}
    assert set(MEASURES) == {"on_time", "consultation", "adoption", "kept", "attitude", "result"}
