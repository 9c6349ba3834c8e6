"""The page of a body: what it did in a year, who may see how much of it, and what it is known for."""

from datetime import timedelta

import pytest

from app.core import clock
from tests.factories.circle.topics import published
from tests.factories.domains.activities import meeting
from tests.factories.domains.bodies import added
from tests.factories.domains.proposals import done, drafted, opened_window

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = clock.local_day(clock.now())


def page_of(who, body, **asked):
    answer = who.get(f"/api/v1/bodies/{body['id']}/page", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(page):
    return {one["work"]: one["count"] for one in page["works"]}


def opened(who, figure):
    """What the path of a figure lists; as many as it counts."""
    items = who.get(f"{figure['path']}&limit=100").json()["items"]
    assert len(items) == figure["count"], figure
    return items


def honoured(staff, member, title, day=TODAY):
    act = {"kind": "speech.delivered", "title": title, "held_on": str(day)}
    answer = staff.post(f"/api/v1/seats/{member.seat_id}/records", act)
    assert answer.status_code == 201, answer.text


def test_a_page_counts_what_a_body_did_and_each_figure_opens_its_list(city):
    staff, head, member, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member("陈朗")
    opened_window(staff)
    body = added(staff, head=head)
    group = added(staff, "医药卫生小组", "activity", speakers=[member])
    staff.post(f"/api/v1/bodies/{body['id']}/members", {"seat_ids": [member.seat_id]})
    proposal_id = drafted(head, kind="collective", body_id=body["id"])
    done(head, proposal_id, "submit")
    assert counts(page_of(other, body)) == {"proposal": 0, "topic": 0, "activity": 0}
    done(staff, proposal_id, "file")
    soon = clock.now() + timedelta(hours=1)
    days = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=2)).isoformat()}
    activity = meeting(staff, **days, kind="inspection", body_ids=[body["id"]])
    meeting(staff, **days)
    published(staff, body_ids=[body["id"], group["id"]])
    honoured(staff, member, "大会发言")
    honoured(staff, member, "入组之前的发言", TODAY - timedelta(days=1))
    honoured(staff, other, "别人的发言")

    page = page_of(head, body)
    works = {one["work"]: one for one in page["works"]}
    assert counts(page) == {"proposal": 1, "opinion_report": 0, "topic": 1, "activity": 1}
    assert [(p["label"], p["count"]) for p in works["proposal"]["parts"]] == [("已立案", 1)]
    for figure in [*works.values(), *(part for one in works.values() for part in one["parts"])]:
        if figure["count"]:
            opened(head, figure)
    assert opened(head, works["activity"])[0]["path"] == f"/api/v1/activities/{activity['id']}"
    # of whom is not invited: that there was something, not what
    (row,) = opened(other, {one["work"]: one for one in page_of(other, body)["works"]}["activity"])
    assert (row["title"], row["part_label"], row["path"]) == ("会议活动", "视察", None)
    assert opened(other, works["proposal"])[0]["part_label"] == "已立案"

    kinds = {one["kind"]: one for one in page["kinds"]}
    assert [one["title"] for one in opened(head, kinds["speech.delivered"])] == ["大会发言"]
    assert len(opened(head, page["records"])) == sum(one["count"] for one in page["kinds"])
    # a member of two bodies counts in each; what is closed only for staff
    in_group = {one["kind"]: one["count"] for one in page_of(head, group)["kinds"]}
    assert (in_group["speech.delivered"], "proposal.submitted" in kinds) == (1, False)
    assert "proposal.submitted" in {one["kind"] for one in page_of(staff, body)["kinds"]}
    last_year = page_of(head, body, year=page["year"] - 1)
    assert (sum(counts(last_year).values()), last_year["records"]["path"]) == (0, None)
    assert page["years"][0]["year"] == page["year"]

    reports = other.get(f"/api/v1/bodies/{body['id']}/works?year={page['year']}&work=opinion_report")
    assert (reports.status_code, reports.json()["code"]) == (403, "work_closed")


@on_sqlite
def test_an_activity_tells_anew_which_bodies_it_invites(city):
    staff, member = city.staff(), city.member(sector=1)
    sector, group = added(staff, None, "sector", sector_id=city.sectors[1]), added(staff, speakers=[member])
    soon = clock.now() + timedelta(hours=1)
    days = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=2)).isoformat()}
    activity = meeting(staff, **days, sector_ids=[city.sectors[1]])
    assert [counts(page_of(staff, one))["activity"] for one in (sector, group)] == [1, 0]
    path = f"/api/v1/activities/{activity['id']}"
    again = staff.patch(path, {"body_ids": [group["id"]]}, headers={"If-Match": '"1"'})
    assert again.status_code == 200, again.text
    assert [counts(page_of(staff, one))["activity"] for one in (sector, group)] == [0, 1]
    assert staff.delete(f"/api/v1/bodies/{group['id']}").json()["code"] == "body_used"
    assert staff.delete(f"/api/v1/bodies/{group['id']}?into_id={sector['id']}").status_code == 204
    assert counts(page_of(staff, sector))["activity"] == 1
    staff.put(f"{path}/cancellation", {"reason": "改期"})
    assert counts(page_of(staff, sector))["activity"] == 0


@on_sqlite
def test_the_head_or_the_office_writes_what_a_body_is_known_for(city):
    staff, head, speaker, following = city.staff(), *(city.member() for _ in range(3))
    body = added(staff, head=head, speakers=[speaker])
    path = f"/api/v1/bodies/{body['id']}/brand"

    def written(who, version, title="盟员送医下乡"):
        return who.put(path, {"title": title, "text": "每季度一次。"}, headers={"If-Match": f'"{version}"'})

    assert page_of(speaker, body)["brand"] == {"title": "", "text": "", "version": 1}
    assert (written(speaker, 1).status_code, written(speaker, 1).json()["code"]) == (403, "not_head")
    assert written(head, 1).json()["version"] == 2
    stale = written(staff, 1, "另一个品牌")
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "盟员送医下乡")
    assert written(staff, 2, "x" * 41).status_code == 422
    assert page_of(head, body)["may_edit_brand"] is True
    # the right ends with the post
    staff.patch(f"/api/v1/bodies/{body['id']}", {"head_seat_id": following.seat_id})
    assert (written(head, 2).status_code, page_of(head, body)["may_edit_brand"]) == (403, False)
    assert written(following, 2, "").json() == {"title": "", "text": "每季度一次。", "version": 3}
