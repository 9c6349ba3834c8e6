"""A life cycle's end leaves nothing open: one walk comes to every end of every cycle and asks what still waits for whom."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from app.core import clock
from app.proposals.assignments.lifecycle import DONE, AssignmentState, state_of
from scripts.life_cycles import CYCLES
from tests.factories import cases, findings, outputs
from tests.factories.city import Who
from tests.factories.consultations import matters
from tests.factories.domains import archive, opinions
from tests.factories.domains.handling import in_days, worked
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import done
from tests.factories.endings import Town

#: States in which nobody has to do anything, though a step may lead on, by the title of their cycle.
AT_REST: dict[str, set[str]] = {
    "Opinion reports (社情民意信息)": {"shelved", "combined", "issued", "adopted"},
    "Leads (线索)": {"declined"},
    "Claims of acts done elsewhere (履职申报)": {"confirmed", "refused"},
    "Appeals against records (记录申诉)": {"confirmed", "refused"},
    "Findings (意见建议)": {"released", "discarded"},
    "Outputs (成果件)": {"issued", "adopted", "partly", "refused", "discarded"},
    "Cases (履职呼叫、企业问题)": {"closed", "declined", "withdrawn"},
    "Matters (协商议题)": {"closed"},
    "The record of a talk with the author (面商)": {"confirmed"},
}
#: Where the ends of cycles without a table of steps are.
WITHOUT_TABLE = {
    "topics": {"closed", "reported"},
    "activities": {"cancelled", "closed"},
    "reading topics": {"over"},
    "card batches": {"finished"},
    "bulletins": {"published", "superseded", "discarded"},
}


def proposals(town: Town) -> dict[str, Callable[[], Any]]:
    into = town.answered()[0]
    done(town.staff, into, "close")

    def merged() -> None:
        other = town.submitted()
        done(town.staff, town.submitted(), "merge", into_id=other, reason="同一件事")
        done(town.staff, other, "decline", reason_code="empty")

    return {
        "declined": lambda: done(town.staff, town.submitted(), "decline", reason_code="empty"),
        "converted": lambda: done(town.staff, town.submitted(), "convert", reason="不适合立案"),
        "merged": merged,
        "closed": lambda: done(town.staff, town.answered()[0], "close"),
    }


def work(town: Town) -> dict[str, Callable[[], Any]]:
    def gone(*steps: tuple[Who, str]) -> None:
        """The helping unit's work ends so, then the proposal does."""
        number, _leads, helps = town.answered()
        for who, action in steps:
            worked(who, number, helps, action, reason="按规定办理")
        done(town.staff, number, "close")

    return {
        "returned": lambda: gone((town.helper, "request_return"), (town.staff, "accept_return")),
        "withdrawn": lambda: gone((town.staff, "withdraw_assignment")),
        "replied": lambda: done(town.staff, town.answered()[0], "close"),
        "ended": lambda: gone((town.helper, "sign"), (town.helper, "start_handling")),
    }


def talks(town: Town) -> dict[str, Callable[[], Any]]:
    def settled(*steps: tuple[Who, str]) -> None:
        number = town.answered()[0]
        for who, action in steps:
            town.say(who, number, action)
        done(town.staff, number, "close")

    disputed = (town.author, "dispute_talk")
    return {
        "confirmed": lambda: settled((town.author, "confirm_talk")),
        "upheld": lambda: settled(disputed, (town.staff, "uphold_dispute")),
        "dismissed": lambda: settled(disputed, (town.staff, "dismiss_dispute")),
    }


def reports(town: Town) -> dict[str, Callable[[], Any]]:
    def revised() -> int:
        """One that came back for revision and was handed in again."""
        report = opinions.submitted(town.author)
        opinions.done(town.staff, report, "return", reason="请补充。")
        opinions.done(town.author, report, "submit")
        opinions.done(town.staff, report, "start_editing")
        return report

    def issued() -> int:
        report = revised()
        opinions.done(town.staff, report, "issue", tier="city")
        return report

    return {
        "shelved": lambda: opinions.done(town.staff, revised(), "shelve", reason="留存"),
        "combined": lambda: opinions.combined(town.staff, revised(), revised()),
        "issued": issued,
        "adopted": lambda: opinions.done(town.staff, issued(), "adopt", tier="city"),
    }


def leads(town: Town) -> dict[str, Callable[[], Any]]:
    def step(action: str, **more: Any) -> None:
        lead = town.author.post("/api/v1/leads/own", {"body": "充电桩坏了两个多月。"}).json()["id"]
        answer = town.staff.post(f"/api/v1/leads/{lead}/transitions", {"action": action, **more})
        assert answer.status_code == 200, answer.text

    return {"used": lambda: step("use"), "declined": lambda: step("decline", reason="已有同样的信息")}


def claims(town: Town, *, appeal: bool) -> dict[str, Callable[[], Any]]:
    numbers = count(1)

    def claimed() -> dict[str, Any]:
        act = archive.speech(title=f"{'申诉' if appeal else '申报'}用的发言{next(numbers)}")
        claim = archive.claimed(town.author, act=act)
        if not appeal:
            return claim
        archive.done(town.staff, claim, "confirm")
        path = f"/api/v1/seats/{town.author.seat_id}/records?kind={act['kind']}"
        record = next(r for r in town.author.get(path).json()["items"] if act["title"] in r["title"])
        return archive.claimed(town.author, record_id=record["id"], body="层级不对。")

    def decided(who: Who, action: str, **more: Any) -> Callable[[], Any]:
        return lambda: archive.done(who, claimed(), action, reason="按规定办理", **more)

    return {
        "confirmed": decided(town.staff, "confirm", **({"void": True} if appeal else {})),
        "refused": decided(town.staff, "refuse"),
        "withdrawn": decided(town.author, "withdraw"),
    }


def suggestions(town: Town) -> dict[str, Callable[[], Any]]:
    def said() -> dict[str, Any]:
        return {"source": "topic", "subject_id": findings.topic(town.staff)["id"]}

    def discarded() -> None:
        noted = findings.noted(town.city, town.staff, town.author, **said())
        findings.done(town.staff, noted, "discard", reason="已有同样的建议")

    return {
        "released": lambda: findings.released(town.city, town.staff, town.author, **said()),
        "discarded": discarded,
    }


def requests(town: Town) -> dict[str, Callable[[], Any]]:
    def step(*steps: tuple[Who, str]) -> None:
        asked = town.author.post(
            "/api/v1/privacy/requests", {"kind": "erase", "remark": "请删除动态。"}
        ).json()
        for who, action in steps:
            path = f"/api/v1/privacy/requests/{asked['id']}/transitions"
            answer = who.post(path, {"action": action, "reason": "按规定办理"})
            assert answer.status_code == 200, answer.text

    return {
        "declined": lambda: step((town.staff, "decline")),
        "done": lambda: step((town.staff, "accept"), (town.staff, "finish")),
        "withdrawn": lambda: step((town.author, "withdraw")),
    }


def topics(town: Town) -> dict[str, Callable[[], Any]]:
    def closed() -> int:
        now = clock.now()
        times = {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=1)).isoformat()}
        made = town.staff.post(
            "/api/v1/topics", {"title": "充电难", "summary": "怎么办", **times, "papers": []}
        )
        topic: int = made.json()["id"]
        town.staff.post(f"/api/v1/topics/{topic}/publication")
        ended = town.staff.post(f"/api/v1/topics/{topic}/closing", {"reason": "意见已经集中"})
        assert ended.status_code == 200, ended.text
        assert "reply" not in town.author.get(f"/api/v1/topics/{topic}").json()["may"]
        return topic

    def reported() -> None:
        answer = town.staff.put(f"/api/v1/topics/{closed()}/report", {"report": "采纳三条。"})
        assert answer.status_code == 200, answer.text

    return {"closed": closed, "reported": reported}


def activities(town: Town) -> dict[str, Callable[[], Any]]:
    def invited() -> str:
        now = clock.now()
        times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
        made = town.staff.post("/api/v1/activities", {"kind": "research", "title": "调研", **times})
        return f"/api/v1/activities/{made.json()['id']}"

    def cancelled() -> None:
        path = invited()
        assert town.staff.put(f"{path}/cancellation", {"reason": "暴雨"}).status_code == 200
        assert town.slow.get(path).json()["my_state_label"] == "活动已取消"

    def closed() -> None:
        path = invited()
        with clock.frozen_at(clock.now() + timedelta(hours=3)):
            town.city.log_in(town.staff)
            assert town.staff.put(f"{path}/closing").status_code == 200
        town.city.log_in(town.staff)

    return {"cancelled": cancelled, "closed": closed}


def others(town: Town) -> dict[str, dict[str, Callable[[], Any]]]:
    today = clock.local_day(clock.now())

    def over() -> None:
        days = {"starts_on": in_days(-9), "ends_on": in_days(-1)}
        made = town.staff.post("/api/v1/reading/topics", {"title": "共读", **days})
        assert made.status_code == 201, made.text

    def finished() -> None:
        made = town.staff.post("/api/v1/issued-cards/batches", {"period": str(today.year - 1)})
        assert made.status_code in {200, 201, 202}, made.text

    def bulletin(*verbs: str) -> Callable[[], Any]:
        def run() -> None:
            new = {"duty_year": today.year, "preface": "前言", "reason": "更正数字"}
            path = f"/api/v1/bulletins/{town.staff.post('/api/v1/bulletins', new).json()['id']}"
            for verb in verbs:
                answer = (
                    town.staff.delete(path) if verb == "discard" else town.staff.put(f"{path}/publication")
                )
                assert answer.status_code == 204, answer.text

        return run

    return {
        "reading topics": {"over": over},
        "card batches": {"finished": finished},
        "bulletins": {
            "published": bulletin("publish"),
            "superseded": bulletin("publish"),
            "discarded": bulletin("discard"),
        },
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_end_of_every_life_cycle_leaves_nothing_open(city):
    town = Town(city)
    names = iter(CYCLES)
    ways = {
        next(names): proposals(town),
        next(names): work(town),
        next(names): talks(town),
        next(names): reports(town),
        next(names): leads(town),
        next(names): claims(town, appeal=False),
        next(names): claims(town, appeal=True),
        next(names): suggestions(town),
        next(names): outputs.ends(town),
        next(names): cases.ends(town),
        next(names): {},  # each state of a project has a step that undoes it
        next(names): matters.ends(town),
        next(names): {},  # so has each state of a call for speeches, and of a speech
        next(names): {},
        next(names): requests(town),
        "topics": topics(town),
        "activities": activities(town),
        **others(town),
    }
    assert set(CYCLES) <= set(ways), "a life cycle without a way to its ends"
    #: Units lead on from these.
    led_on = {state_of([work], 1) for work in set(AssignmentState) - DONE}
    ends = {
        name: set(cycle.ends) - led_on | AT_REST.get(name, set()) for name, cycle in CYCLES.items()
    } | WITHOUT_TABLE
    for name, states in ends.items():
        assert set(ways[name]) == states, name
    for name, each in ways.items():
        for state, way in each.items():
            way()
            town.work()
            assert town.open_rows() == [], f"{name}: {state}"
        assert town.lists() == [], name
    assert differences(city) == []
