"""Members of bodies: who belongs to one, from when until when, and what they are invited to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.core import clock, outbox
from tests.factories.circle.topics import published
from tests.factories.city import City
from tests.factories.domains.activities import meeting
from tests.factories.domains.bodies import added

TODAY = clock.local_day(clock.now())


def joined(staff, body, *members, **more):
    new = {"seat_ids": [who.seat_id for who in members], **more}
    answer = staff.post(f"/api/v1/bodies/{body['id']}/members", new)
    assert answer.status_code == 200, answer.text
    return answer.json()["joined"]


def listed(who, body, day=None):
    path = f"/api/v1/bodies/{body['id']}/members?on={day or clock.local_day(clock.now())}"
    return [(one["name"], one["role_label"]) for one in who.get(path).json()]


def left(staff, body, member, first=TODAY, last=None):
    days = {"starts_on": str(first), "ends_on": last and str(last)}
    return staff.put(f"/api/v1/bodies/{body['id']}/members/{member.seat_id}", days)


def test_members_join_and_leave_on_a_day(city):
    staff, head, member, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member("陈朗")
    group = added(staff, "产业委员服务团", "service", head=head)
    path = f"/api/v1/bodies/{group['id']}"
    assert joined(staff, group, member, other) == 2
    assert joined(staff, group, member) == 0  # once more

    assert listed(member, group) == [("周岚", "负责人"), ("吴远", "成员"), ("陈朗", "成员")]
    shown = member.get(path).json()
    assert (shown["kind_label"], shown["member_count"], shown["belongs"]) == ("服务团", 3, True)
    assert listed(member, group, TODAY - timedelta(days=1)) == []

    assert left(staff, group, other, TODAY - timedelta(days=9), TODAY - timedelta(days=1)).status_code == 204
    assert listed(member, group) == [("周岚", "负责人"), ("吴远", "成员")]
    assert ("陈朗", "成员") in listed(member, group, TODAY - timedelta(days=5))
    assert other.get(path).json()["belongs"] is False
    # who comes back has a second stay
    joined(staff, group, other)
    assert left(staff, group, other, TODAY - timedelta(days=3)).json()["code"] == "stays_overlap"

    assert staff.delete(f"{path}/members/{member.seat_id}").status_code == 204
    assert ("吴远", "成员") not in listed(member, group)
    assert staff.delete(f"{path}/members/{member.seat_id}").status_code == 404


def test_sectors_and_committees_have_their_members_in_the_roster(city):
    staff = city.staff()
    first, second = city.member("周岚", sector=1, committees=(0, 1)), city.member("吴远", sector=0)
    sector = added(staff, None, "sector", sector_id=city.sectors[1])
    committee = added(staff, None, "committee", committee_id=city.committees[0], head=first)
    assert listed(staff, sector) == [("周岚", "成员")]
    assert listed(staff, committee) == [("周岚", "负责人"), ("吴远", "成员")]
    refused = staff.post(f"/api/v1/bodies/{sector['id']}/members", {"seat_ids": [second.seat_id]})
    assert (refused.status_code, refused.json()["code"]) == (409, "members_elsewhere")


def test_the_body_of_a_sector_is_invited_as_the_sector(city):
    staff, inside, outside = city.staff(), city.member("周岚", sector=1), city.member("吴远")
    sector = added(staff, None, "sector", sector_id=city.sectors[1])
    topic = published(staff, body_ids=[sector["id"]])
    shown = inside.get(f"/api/v1/topics/{topic['id']}").json()
    assert ([g["id"] for g in shown["sectors"]], shown["bodies"]) == ([city.sectors[1]], [])
    assert outside.get(f"/api/v1/topics/{topic['id']}").status_code == 404
    # so is a group that turns out to be the sector
    group = added(staff, "教育界委员小组", "activity")
    other = published(staff, body_ids=[group["id"]])
    assert inside.get(f"/api/v1/topics/{other['id']}").status_code == 404
    assert staff.delete(f"/api/v1/bodies/{group['id']}?into_id={sector['id']}").status_code == 204
    assert inside.get(f"/api/v1/topics/{other['id']}").status_code == 200


def test_a_new_head_belongs_to_the_body_and_stays_when_another_follows(city):
    staff, first, second = city.staff(), city.member("周岚"), city.member("吴远")
    group = added(staff, "第一活动小组", "activity", head=first)
    path = f"/api/v1/bodies/{group['id']}"
    assert staff.patch(path, {"head_seat_id": second.seat_id}).json()["member_count"] == 2
    assert listed(staff, group) == [("吴远", "负责人"), ("周岚", "成员")]


def test_an_invitation_of_bodies_reaches_each_member_once(city):
    staff, outside = city.staff(), city.member("郑平", sector=1)
    both, one = city.member("周岚"), city.member("吴远", sector=1)
    group, team = added(staff, "第一活动小组", "activity"), added(staff, "法律服务团", "service", head=one)
    long_ago = str(TODAY - timedelta(days=900))
    joined(staff, group, both, starts_on=long_ago)
    joined(staff, team, both, starts_on=long_ago)
    left(staff, team, one, long_ago)  # its head is named today, for a team that is older
    assert [staff.get(f"/api/v1/bodies/{b['id']}").json()["member_count"] for b in (group, team)] == [1, 2]

    made = meeting(staff, title="小组学习", body_ids=[group["id"], team["id"]])
    assert made["counts"]["invited"] == 2
    topic = published(staff, title="服务团怎样下基层", body_ids=[team["id"]])
    path = f"/api/v1/topics/{topic['id']}"
    assert [who.get(path).status_code for who in (both, one, outside)] == [200, 200, 404]
    assert [g["name"] for g in one.get(path).json()["bodies"]] == ["法律服务团"]
    outbox.run_due(city.database)
    titles = [n["title"] for n in both.get("/api/v1/notifications").json()["items"]]
    assert sum("服务团怎样下基层" in title for title in titles) == 1
    assert outside.get("/api/v1/notifications").json()["items"] == []

    # who leaves the team is no longer asked; whom another body takes over still is
    left(staff, team, both, TODAY - timedelta(days=900), TODAY - timedelta(days=1))
    assert both.get(path).status_code == 404
    joined(staff, group, one)
    assert staff.delete(f"/api/v1/bodies/{team['id']}").json()["code"] == "body_used"
    assert staff.delete(f"/api/v1/bodies/{team['id']}?into_id={group['id']}").status_code == 204
    assert [who.get(path).status_code for who in (both, one, outside)] == [200, 200, 404]


@pytest.mark.parametrize(
    ("new", "status", "code"),
    [
        ({"seat_ids": []}, 422, "invalid"),
        ({"seat_ids": [999_999]}, 422, "unknown_seat"),
        ({"seat_ids": [2**63]}, 422, "invalid"),
    ],
)
def test_a_wrong_list_is_refused(city, new, status, code):
    staff = city.staff()
    group = added(staff, "课题组", "research")
    refused = staff.post(f"/api/v1/bodies/{group['id']}/members", new)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_others_neither_see_nor_change_members(app, city):
    staff, member = city.staff(), city.member()
    group = added(staff, "第一活动小组", "activity")
    path = f"/api/v1/bodies/{group['id']}/members"
    there = City(app, city.database, name="政协柳溪县委员会")
    clerk, theirs = there.staff(), there.member()
    assert [clerk.get(path).status_code, member.post(path, {"seat_ids": [member.seat_id]}).status_code] == [
        404,
        403,
    ]
    assert clerk.post(path, {"seat_ids": [theirs.seat_id]}).status_code == 404
    assert staff.post(path, {"seat_ids": [theirs.seat_id]}).json()["code"] == "unknown_seat"
    stay = {"starts_on": str(TODAY)}
    assert clerk.put(f"{path}/{member.seat_id}", stay).status_code == 404
    early = {"starts_on": str(TODAY), "ends_on": str(TODAY - timedelta(days=1))}
    assert staff.put(f"{path}/{member.seat_id}", early).status_code == 422
    # a body of others is no guest
    far = clerk.post(
        "/api/v1/topics", {"title": "议题", "summary": "怎么办", "body_ids": [group["id"]]} | _days()
    )
    assert far.json()["code"] == "unknown_group"


def _days():
    now = clock.now()
    return {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=3)).isoformat()}


def test_a_day_that_meets_another_stay_is_refused_and_a_mistake_leaves_earlier_stays(city):
    staff, member = city.staff(), city.member("周岚")
    group = added(staff, "第一活动小组", "activity")
    path = f"/api/v1/bodies/{group['id']}/members"
    first, last = TODAY - timedelta(days=90), TODAY - timedelta(days=30)
    joined(staff, group, member, starts_on=str(first))
    left(staff, group, member, first, last)
    again = {"seat_ids": [member.seat_id], "starts_on": str(last)}
    assert staff.post(path, again).json()["code"] == "stays_overlap"
    joined(staff, group, member)
    assert member.get(f"/api/v1/bodies/{group['id']}").json()["belongs"] is True
    assert staff.delete(f"{path}/{member.seat_id}").status_code == 204
    assert listed(staff, group) == []
    assert listed(staff, group, TODAY - timedelta(days=60)) == [("周岚", "成员")]
    later = {"seat_ids": [member.seat_id], "starts_on": str(TODAY + timedelta(days=30))}
    assert staff.post(path, later).status_code == 200
    assert staff.post(path, {"seat_ids": [member.seat_id]}).json()["code"] == "stays_overlap"
    gone = city.member("郑平", ends_on=TODAY - timedelta(days=1))
    assert staff.post(path, {"seat_ids": [gone.seat_id]}).json()["code"] == "not_in_office"


def test_who_left_or_has_not_come_yet_is_found_and_mended(city):
    staff, gone, coming = city.staff(), city.member("周岚"), city.member("吴远")
    group = added(staff, "第一活动小组", "activity")
    path = f"/api/v1/bodies/{group['id']}/members"
    joined(staff, group, gone, starts_on=str(TODAY - timedelta(days=9)))
    left(staff, group, gone, TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    joined(staff, group, coming, starts_on=str(TODAY + timedelta(days=9)))
    found = staff.get(f"{path}?everybody=true").json()
    assert [(one["name"], one["present"]) for one in found] == [("吴远", False), ("周岚", False)]
    assert left(staff, group, coming, TODAY).status_code == 204
    assert listed(staff, group) == [("吴远", "成员")]
    early = left(staff, group, coming, TODAY - timedelta(days=9_000), TODAY - timedelta(days=8_000))
    assert (early.status_code, early.json()["code"]) == (422, "not_in_office")


def test_a_new_body_stands_last(city):
    staff = city.staff()
    names = ["民革云川市委员会", "产业委员服务团", "第一活动小组"]
    for name, kind in zip(names, ("party", "service", "activity"), strict=True):
        added(staff, name, kind)
    assert [body["name"] for body in staff.get("/api/v1/bodies").json()] == names


def test_members_of_a_body_that_is_merged_go_along(city):
    staff, member, both = city.staff(), city.member("周岚"), city.member("吴远")
    old, new = added(staff, "甲组", "activity"), added(staff, "乙组", "activity")
    joined(staff, old, member, both, starts_on=str(TODAY - timedelta(days=9)))
    joined(staff, new, both)
    topic = published(staff, body_ids=[old["id"]])
    assert staff.delete(f"/api/v1/bodies/{old['id']}?into_id={new['id']}").status_code == 204
    assert listed(staff, new) == [("周岚", "成员"), ("吴远", "成员")]
    assert listed(staff, new, TODAY - timedelta(days=5)) == [("周岚", "成员")]
    assert member.get(f"/api/v1/topics/{topic['id']}").status_code == 200


def test_whoever_joins_while_a_body_is_removed_hears_of_it(city):
    staff = city.staff()
    for n in range(8):
        member, group = city.member(), added(staff, f"第{n}组", "activity")
        path = f"/api/v1/bodies/{group['id']}"
        with ThreadPoolExecutor(2) as pool:
            joining = pool.submit(staff.post, f"{path}/members", {"seat_ids": [member.seat_id]})
            removing = pool.submit(staff.delete, path)
        assert joining.result().status_code in {200, 404}
        assert removing.result().status_code == 204


def test_two_colleagues_list_one_member_once(city):
    staff, member = city.staff(), city.member("周岚")
    group = added(staff, "第一活动小组", "activity")
    with ThreadPoolExecutor(2) as pool:
        for answer in [pool.submit(joined, staff, group, member) for _ in range(2)]:
            answer.result()
    assert listed(staff, group) == [("周岚", "成员")]
