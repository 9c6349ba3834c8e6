"""Everything that waits, in one call: each count is the length of its list, for everybody who has that queue."""

from functools import partial
from typing import Any

from app.auth import queues
from app.auth.areas import Area
from app.auth.permissions import Role
from tests.factories.city import Who
from tests.factories.desks import busy
from tests.factories.statements import statements


def waiting(who: Who) -> dict[str, dict[str, Any]]:
    """The queues of somebody by key."""
    answer = who.get("/api/v1/desks")
    assert answer.status_code == 200, answer.text
    return {entry["key"]: entry for entry in answer.json()["items"]}


def whole(who: Who, path: str) -> list[dict[str, Any]]:
    """A list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = who.get(f"{path}&limit=2{cursor}")
        assert page.status_code == 200, f"{path}: {page.text}"
        items += page.json()["items"]
        if page.json()["next"] is None:
            return items
        cursor = f"&cursor={page.json()['next']}"


def test_every_count_is_the_length_of_its_list(city):
    there = busy(city)
    reviewer = city.staff(name="初审员", office=city.office("提案一科", Area.FIRST_REVIEW))
    committee = city.staff(name="专委会", office=city.office("文史委办", Area.COMMITTEES, committee=1))
    people = {
        "clerk": there.clerk,
        "leader": there.leader,
        "officer": there.officer,
        "author": there.author,
        "head": there.head,
        "friend": there.friend,
        "reviewer": reviewer,
        "committee": committee,
        "admin": city.staff(Role.SYSTEM_ADMIN),
    }
    filled: dict[str, dict[str, int]] = {}
    for name, who in people.items():
        entries = waiting(who)
        for key, entry in entries.items():
            rows = whole(who, entry["path"])
            assert len(rows) == entry["count"], f"{name} {key}"
            if entry["path"].startswith("/api/v1/proposals?"):
                assert len(whole(who, f"{entry['path']}&late=true")) == entry["late"], f"{name} {key}"
                asked = entry["path"].replace("?", "/count?")
                assert who.get(asked).json() == {"count": entry["count"]}
        filled[name] = {key: entry["count"] for key, entry in entries.items()}

    for_staff = {key for key in filled["clerk"] if not key.startswith("unit_")} - {"supervised"}
    assert {key for key in for_staff if not filled["clerk"][key]} == set()
    assert {key for key, n in filled["officer"].items() if not n} == set()
    assert filled["officer"].keys() >= {"unit_to_sign", "unit_in_handling", "unit_returned_replies"}
    assert all(key.startswith("unit_") for key in filled["officer"])
    assert filled["leader"] == {"supervised": 1, "deadlines_overdue": 2}
    assert filled["head"]["to_confirm"] == filled["friend"]["to_answer"] == 1
    assert (filled["author"]["to_confirm"], filled["author"]["to_answer"]) == (0, 0)
    assert filled["reviewer"] == {"first_review": 1, "supervised": 0, "deadlines_overdue": 2}
    # what others host is not theirs
    assert filled["clerk"]["topics_drafted"] == 3
    hosted = ("topics_drafted", "topics_closing", "topics_to_report", "activities_to_close")
    assert filled["committee"] == dict.fromkeys(hosted, 1) | {"topics_closing": 2}
    assert filled["admin"] == {}
    late = waiting(there.officer)
    assert (late["unit_replies_due"]["late"], late["unit_to_sign"]["late"]) == (2, 0)

    # one statement for each domain, and one for who asks
    there.clerk.get("/api/v1/desks")
    assert statements(city.database, partial(there.clerk.get, "/api/v1/desks")) <= len(queues.domains()) + 1


def test_a_thing_in_two_queues_is_counted_once_at_its_desk(city):
    there = busy(city)
    for who, desk in ((there.clerk, "proposals"), (there.officer, "unit")):
        answer = who.get("/api/v1/desks").json()
        things: set[tuple[str, int]] = set()
        entries = [entry for entry in answer["items"] if entry["desk"] == desk]
        for entry in entries:
            rows = whole(who, entry["path"])
            kind = entry["path"].split("/")[3].partition("?")[0].partition("-")[0].rstrip("s")
            things |= {(kind, row.get("proposal_id", row["id"])) for row in rows}
        (total,) = [one for one in answer["desks"] if one["desk"] == desk]
        assert total["count"] == len(things) < sum(entry["count"] for entry in entries)
        assert 0 < total["late"] <= total["count"]
    # a desk with nothing waiting is there with 0; one that is not the reader's is not
    assert there.author.get("/api/v1/desks").json()["desks"] == [
        {"desk": "mine", "desk_label": "等我处理", "count": 0, "late": 0}
    ]


def sums(who: Who) -> dict[str, tuple[int, int]]:
    """What waits at the desks of somebody: how much, and how much of it late."""
    return {one["desk"]: (one["count"], one["late"]) for one in who.get("/api/v1/desks").json()["desks"]}


def test_a_thing_at_two_desks_counts_at_the_one_where_it_is_ones_own(city):
    there = busy(city)
    queued = {key: entry["count"] for key, entry in waiting(there.leader).items()}
    assert queued == {"supervised": 1, "deadlines_overdue": 2}
    # both deadlines are of the proposal that the leader supervises
    assert sums(there.leader) == {"proposals": (0, 0), "supervision": (1, 1)}
    other = city.staff(Role.LEADER, "主席乙")
    assert sums(other) == {"proposals": (1, 1), "supervision": (0, 0)}

    # a unit's officer who is also a leader: what the unit has to do is not counted among what all units are late with
    both = city.staff(Role.UNIT_OFFICER, "承办乙")
    alone = sums(both)
    assert alone == sums(there.officer)
    granted = city.staff(Role.SECURITY_ADMIN).post(
        f"/api/v1/accounts/{both.account_id}/roles", {"role": "leader"}
    )
    assert granted.status_code == 200, granted.text
    city.log_in(both)
    assert waiting(both)["deadlines_overdue"]["count"] == 2
    assert sums(both) == alone | {"proposals": (0, 0), "supervision": (0, 0)}


def test_a_report_and_a_lead_with_the_same_id_are_two_things(city):
    there = busy(city)
    entries = waiting(there.clerk)
    reports = [
        whole(there.clerk, entries[key]["path"]) for key in ("opinions_submitted", "opinions_in_editing")
    ]
    assert sums(there.clerk)["opinions"][0] == sum(map(len, reports))
    assert sums(there.clerk)["leads"][0] == entries["leads_received"]["count"] == 1
    assert {row["id"] for row in whole(there.clerk, entries["leads_received"]["path"])} <= {
        row["id"] for some in reports for row in some
    }


def test_a_queue_of_others_is_closed(city):
    member, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    path = "/api/v1/proposals?scope=visible&waits_for="
    assert member.get(f"{path}first_review").status_code == 403
    assert officer.get(f"{path}to_assign").status_code == 403
    assert member.get(f"{path}nothing").status_code == 422
    wrong = city.staff().get("/api/v1/proposals?waits_for=to_assign")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "queue_needs_visible")
    assert city.anonymous().get("/api/v1/desks").status_code == 401
