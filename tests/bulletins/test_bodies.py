"""Bodies in a year's bulletin: members by the last day, collective proposals, the same for good."""

from datetime import timedelta

from app.core import clock
from tests.factories.domains.bodies import added
from tests.factories.domains.bulletins import BULLETINS, figures, published, whole
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import done, drafted, opened_window

TODAY = clock.local_day(clock.now())


def groups(who, bulletin, **asked):
    answer = who.get(f"{BULLETINS}/{bulletin['id']}/groups", params={"by": "body"} | asked)
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()}


def test_bodies_stand_in_a_bulletin_with_their_proposals_and_do_not_change(city):
    staff, head, member, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member("陈朗")
    opened_window(staff)
    party = added(staff, head=head, speakers=[member])
    group = added(staff, "医药卫生小组", "activity", head=member)
    stays = f"/api/v1/bodies/{group['id']}/members"
    staff.post(stays, {"seat_ids": [other.seat_id]})
    gone = {"starts_on": str(TODAY - timedelta(days=9)), "ends_on": str(TODAY - timedelta(days=1))}
    assert staff.put(f"{stays}/{other.seat_id}", gone).status_code == 204
    added(staff, None, "sector", sector_id=city.sectors[0], head=other)
    for title in ("大会发言", "联组发言"):
        act = {"kind": "speech.delivered", "title": title, "held_on": str(TODAY)}
        assert staff.post(f"/api/v1/seats/{member.seat_id}/records", act).status_code == 201
    ids = [drafted(head, kind="collective", body_id=party["id"]) for _ in range(2)]
    for proposal_id in ids:
        done(head, proposal_id, "submit")
    done(staff, ids[0], "file")

    made = published(city, staff, TODAY.year)
    found = groups(other, made, kind="speech.delivered")
    assert {
        name: (
            one["now"]["seats"]["count"],
            one["counts"]["now"]["records"]["count"],
            one["now"]["proposals"]["count"],
        )
        for name, one in found.items()
    } == {"民盟云川市委员会": (2, 2, 1), "医药卫生小组": (1, 2, 0)}, "吴远 counts in both"
    speeches = next(kind for kind in made["kinds"] if kind["kind"] == "speech.delivered")
    assert (speeches["now"]["records"]["count"], made["now"]["proposals"]) == (2, None)
    answers = [found, *(staff.get(one["path"]).json() for one in found.values())]
    opened = [one for one in figures([list(each.values()) for each in answers]) if one["path"]]
    assert len(opened) > 10
    for one in opened:
        assert len(whole(staff, one["path"])) == one["count"], one
    (row,) = whole(other, found["民盟云川市委员会"]["now"]["proposals"]["path"])
    assert (row["id"], row["body"], row["on"]) == (ids[0], "民盟云川市委员会", str(TODAY))
    both = other.get(f"{BULLETINS}/{made['id']}/records?body=民盟云川市委员会&sector=经济界")
    assert (both.status_code, both.json()["code"]) == (422, "two_groups")

    done(staff, ids[1], "file")
    staff.delete(f"{stays}/{member.seat_id}")
    assert groups(other, made, kind="speech.delivered") == found
    assert differences(city) == []
    again = published(city, staff, TODAY.year, reason="补录一件集体提案")
    assert groups(staff, again)["民盟云川市委员会"]["now"]["proposals"]["count"] == 2
    assert "医药卫生小组" not in groups(staff, again)
