"""Raters are protected from the unit: sums until the case is closed, names never where the organization says so."""

import json

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, rated, replied
from tests.factories.domains.ledger import news
from tests.factories.domains.proposals import done, drafted, opened_window

SECRET, OPEN = "只对机关说", "写给单位的意见"


@pytest.fixture
def case(city):
    """A joint proposal with a reply; two have signed it."""
    staff, author, friend = city.staff(), city.member("周岚"), city.member("吴远")
    officer = city.staff(Role.UNIT_OFFICER, "教育局")
    opened_window(staff)
    number = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{number}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{number}/signature", {"accept": True})
    done(author, number, "submit")
    done(staff, number, "file")
    [work] = assigned(city, staff, number, lead=0).values()
    return city, staff, author, friend, officer, number, replied(officer, staff, number, work)


def all_that_is_said(city, officer, number) -> str:
    """Everything that a unit may read about a proposal, and what it was told."""
    path = f"/api/v1/proposals/{number}"
    paths = ("", "/handling", "/track", "/document.docx")
    answers = [officer.get(f"{path}{more}") for more in paths]
    lists = [officer.get("/api/v1/statistics/units").text, officer.get("/api/v1/statistics/units/1").text]
    texts = [a.text for a in answers if "json" in a.headers["content-type"]]
    return "\n".join([*texts, *lists, *news(city, officer)])


def sums(who, number):
    return [(s["raters"], s["attitude"], s["result"]) for s in handling(who, number)["rating_sums"]]


def figures(who) -> dict[str, int]:
    [row] = who.get("/api/v1/statistics/units").json()["items"]
    return {f["figure"]: f["count"] for f in row["figures"] if f["count"]}


def rates(who, number) -> list[tuple[str, dict]]:
    steps = who.get(f"/api/v1/proposals/{number}/track").json()["steps"]
    return [(s["actor"], s["data"]) for s in steps if s["action"] == "rate"]


def test_a_unit_learns_sums_until_the_case_is_closed(case):
    city, staff, author, friend, officer, number, reply = case
    told = len(news(city, officer))
    rated(author, number, reply, result="dissatisfied", remark=OPEN, private_remark=SECRET)
    assert handling(officer, number)["ratings"] == []
    assert sums(officer, number) == [(1, None, None)]  # a sum of one is no sum
    assert sums(staff, number)[0][2] == {"satisfied": 0, "basically": 0, "dissatisfied": 1}
    assert len(news(city, officer)) == told
    assert news(city, staff)[-1].endswith(f"原因：{SECRET}")
    rated(friend, number, reply)
    two = {"satisfied": 1, "basically": 0, "dissatisfied": 1}
    assert sums(officer, number) == [(2, {"satisfied": 2, "basically": 0, "dissatisfied": 0}, two)]
    assert rates(officer, number) == [("提案人或联名人", {})] * 2
    assert "rated" not in figures(officer)
    assert figures(officer) == figures(staff)
    said = all_that_is_said(city, officer, number)
    assert not [word for word in (OPEN, SECRET, "不满意，") if word in said]
    assert [r["name"] for r in handling(friend, number)["ratings"]] == ["周岚", "吴远"]

    done(staff, number, "close")
    seen = handling(officer, number)["ratings"]
    assert [(r["name"], r["remark"], r["private_remark"]) for r in seen] == [
        ("周岚", OPEN, None),
        ("吴远", None, None),
    ]
    assert [actor for actor, _ in rates(officer, number)] == ["周岚", "吴远"]
    assert figures(officer)["result_dissatisfied"] == 1
    assert SECRET not in all_that_is_said(city, officer, number)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_stay_hidden_where_the_organization_says_so(case):
    _city, staff, author, friend, officer, number, reply = case
    staff.put("/api/v1/proposal-rules", {"hide_raters": True})
    rated(author, number, reply, result="dissatisfied", remark=OPEN)
    rated(friend, number, reply)
    done(staff, number, "close")
    seen = handling(officer, number)["ratings"]
    assert [r["remark"] for r in seen if r["remark"]] == [OPEN]
    assert {json.dumps([r[k] for k in ("name", "seat_id", "post", "sector", "rated_at")]) for r in seen} == {
        "[null, null, null, null, null]"
    }
    assert rates(officer, number) == [("提案人或联名人", {})] * 2, "no grade beside the time it was given"
    assert [r["name"] for r in handling(staff, number)["ratings"]] == ["周岚", "吴远"]
