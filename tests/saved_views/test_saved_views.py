"""Saved views: one's own are one's own, shared ones are the office's."""

from typing import Any

import pytest

from app.auth.areas import Area
from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core.sql import table
from tests.factories.city import City

VIEW = {
    "name": "民盟的待审提案",
    "query": "state=submitted&body=%E6%B0%91%E7%9B%9F",
    "columns": ["number", "title"],
}
PATH = "/api/v1/saved-views"


def add(who, **more):
    return who.post(PATH, VIEW | {"desk": "proposals.review"} | more)


def listed(who, desk=""):
    return who.get(PATH + (desk and f"?desk={desk}")).json()["items"]


def change(who, view, **more):
    return who.put(f"{PATH}/{view['id']}", VIEW | more)


@pytest.fixture
def office(city):
    """Two colleagues of one office and one of another."""
    mine, other = city.office("提案科", Area.PROPOSALS), city.office("信息科", Area.INFORMATION)
    return (
        city.staff(name="王芳", office=mine),
        city.staff(name="刘军", office=mine),
        city.staff(name="赵敏", office=other),
    )


def test_own_views_are_nobody_elses(city, office):
    maker, colleague, _ = office
    view = add(maker, position=2).json()
    first = add(maker, name="全部", query="", position=1).json()
    assert [v["name"] for v in listed(maker, "proposals.review")] == ["全部", "民盟的待审提案"]
    assert listed(maker, "opinions") == []
    assert (view["mine"], view["shared"], view["may"], view["columns"]) == (
        True,
        False,
        ["edit", "delete"],
        ["number", "title"],
    )
    assert listed(colleague) == []
    assert change(colleague, view).status_code == 404
    assert colleague.delete(f"{PATH}/{view['id']}").status_code == 404
    assert change(maker, view, name="民盟", columns=[]).json()["name"] == "民盟"
    assert maker.delete(f"{PATH}/{first['id']}").status_code == 204
    assert [v["name"] for v in listed(maker)] == ["民盟"]


def test_a_shared_view_is_the_offices(city, office):
    maker, colleague, stranger = office
    view = add(maker, shared=True).json()
    assert (view["office"], view["made_by"], view["may"]) == ("提案科", "王芳", ["edit", "delete", "unshare"])
    [seen] = listed(colleague)
    assert (seen["id"], seen["mine"], seen["may"]) == (view["id"], False, ["edit", "delete"])
    assert listed(stranger) == []
    assert change(stranger, view, shared=True).status_code == 404
    assert change(colleague, view, shared=True, name="科里的").status_code == 200
    assert change(colleague, view).json()["code"] == "maker_only"
    assert listed(maker)[0]["name"] == "科里的"

    r, elsewhere = table(AccountRole), city.office("综合科", Area.GENERAL)
    moved = r.update().where(r.c.account_id == maker.account_id)
    with city.database.transaction() as db:
        db.execute(moved.values(office_id=elsewhere))
    assert listed(maker) == []
    assert change(maker, view, shared=True).status_code == 404
    assert listed(colleague)[0]["name"] == "科里的"
    assert colleague.delete(f"{PATH}/{view['id']}").status_code == 204


def test_who_made_it_may_take_it_back(city, office):
    maker, colleague, _ = office
    view = add(maker, shared=True).json()
    assert change(maker, view).json()["shared"] is False
    assert (listed(colleague), len(listed(maker))) == ([], 1)


def test_a_colleague_does_not_carry_it_off_to_another_office(city, office):
    maker, colleague, _ = office
    view = add(maker, shared=True).json()
    second = city.office("综合科", Area.GENERAL)
    with city.database.transaction() as db:
        city._grant(db, colleague.account_id, Role.SECRETARIAT, office_id=second)
    assert change(colleague, view, shared=True, office_id=second).json()["code"] == "maker_only"
    assert change(colleague, view, shared=True).json()["office"] == "提案科"
    assert [one["office"] for one in listed(maker)] == ["提案科"]


def test_sharing_needs_an_office_of_ones_own(city, office):
    maker, _, stranger = office
    theirs = add(stranger, shared=True).json()["office_id"]
    assert add(city.staff(), shared=True).json()["code"] == "no_office"
    assert add(city.member(), shared=True).json()["code"] == "no_office"
    assert add(maker, shared=True, office_id=theirs).json()["code"] == "other_office"
    second = city.office("综合科", Area.GENERAL)
    with city.database.transaction() as db:
        city._grant(db, maker.account_id, Role.SECRETARIAT, office_id=second)
    assert add(maker, shared=True).json()["code"] == "office_required"
    assert add(maker, shared=True, office_id=second).json()["office"] == "综合科"


def test_another_organization_has_none_of_them(city, office, app):
    view = add(office[0]).json()
    county = City(app, city.database, name="政协柳溪县委员会").staff()
    assert listed(county) == []
    assert change(county, view).status_code == 404
    assert county.delete(f"{PATH}/{view['id']}").status_code == 404


def test_their_number_is_bounded_by_desk_and_in_all(city, office, monkeypatch):
    monkeypatch.setattr("app.saved_views.service.MOST_OF_DESK", 2)
    monkeypatch.setattr("app.saved_views.service.MOST", 3)
    maker, colleague, _ = office
    for _ in range(2):
        assert add(maker, shared=True).status_code == 201
    assert add(maker).json()["code"] == "too_many_views"
    assert add(colleague).status_code == 201
    assert add(maker, desk="opinions").status_code == 201
    full = add(maker, desk="leads")
    assert (full.status_code, full.json()["code"]) == (409, "too_many_views")
    r, elsewhere = table(AccountRole), city.office("综合科", Area.GENERAL)
    with city.database.transaction() as db:
        db.execute(r.update().where(r.c.account_id == maker.account_id).values(office_id=elsewhere))
    assert add(maker).status_code == 201  # what was left with the office counts no more


JUNK: list[dict[str, Any]] = [
    {"query": "?state=submitted&&"},
    {"query": "state"},
    {"query": "a=b c"},
    {"query": "a=%zz"},
    {"query": "a=%ff"},
    {"query": "a=%00"},
    {"query": "javascript:alert(1)"},
    {"query": "a=" + "b" * 2000},
    {"query": "&".join(f"a{n}=1" for n in range(51))},
    {"query": "body=民盟"},
    {"desk": "Proposals"},
    {"desk": "../x"},
    {"name": ""},
    {"name": "长" * 41},
    {"name": "两\n行"},
    {"columns": ["title", "title"]},
    {"columns": ["<b>"]},
    {"columns": [f"c{n}" for n in range(61)]},
    {"position": 1000},
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_junk_is_refused(city):
    staff = city.staff()
    for wrong in JUNK:
        answer = add(staff, **wrong)
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), wrong
    assert listed(staff) == []
