"""Collective proposals: drafted by one who may act for a body, confirmed by its head."""

import pytest
from sqlalchemy import select

from app.auth.permissions import Role
from app.core.sql import table
from app.notifications.models import Notification
from tests.factories.domains.archive import days_ago
from tests.factories.domains.bodies import added
from tests.factories.domains.handling import assigned
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.proposals import TEXT, done, drafted, opened_window, run

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHONE = {"contact_name": "李明", "contact_phone": "0817-2220000"}


def unread(city, who) -> list[str]:
    """Titles of what an account was told and has not read, oldest first."""
    n = table(Notification)
    waits = select(n.c.title).where(n.c.account_id == who.account_id, n.c.read_at.is_(None))
    with city.database.read.connect() as conn:
        return list(conn.scalars(waits.order_by(n.c.id)))


def test_a_collective_proposal_from_the_draft_to_the_units(city):
    staff, head, author, other = (city.staff(), city.member("周岚"), city.member("吴远"), city.member("郑一"))
    named, officer = city.member("王二"), city.staff(Role.UNIT_OFFICER, "承办人")
    opened_window(staff)
    body = added(staff, head=head, speakers=[author], **PHONE)
    collective = {"kind": "collective", "body_id": body["id"]}

    # anybody typed the name of a party, and it was submitted
    refused = other.post("/api/v1/proposals", TEXT | collective)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_spokesperson")

    proposal_id = drafted(author, **collective)
    path = f"/api/v1/proposals/{proposal_id}"
    author.post(f"{path}/signers", {"seat_ids": [named.seat_id]})
    named.put(f"{path}/signature", {"accept": True})
    assert [a["action"] for a in author.get(path).json()["actions"]] == ["ask_head"]
    assert run(author, proposal_id, "submit").json()["code"] == "head_confirms"
    waiting = done(author, proposal_id, "ask_head")
    assert (waiting["state_label"], waiting["submitted_at"]) == ("待负责人确认", None)
    assert news(city, head)[-1] == f"吴远以民盟云川市委员会名义起草了提案《{TEXT['title']}》，请您确认"
    assert {staff.get(path).status_code, other.get(path).status_code} == {404}
    assert run(author, proposal_id, "confirm").json()["code"] == "not_head"

    assert [a["action"] for a in head.get(path).json()["actions"]] == ["confirm", "hand_back", "withdraw"]
    assert run(head, proposal_id, "hand_back").json()["code"] == "reason_required"
    back = done(head, proposal_id, "hand_back", reason="第二条建议再具体些")
    assert (back["state"], back["state_reason"]) == ("draft", "第二条建议再具体些")
    assert news(city, author)[-1].endswith("由单位负责人退回修改：第二条建议再具体些")
    done(author, proposal_id, "ask_head")
    submitted = done(head, proposal_id, "confirm")
    assert (submitted["state"], submitted["period"]) == ("submitted", "between")
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    assert live_acts(city, named) == [("proposal.submitted", "participant", "city")]
    assert live_acts(city, head) == []

    seen = staff.get(path).json()
    assert (seen["body_name"], seen["contact_phone"]) == ("民盟云川市委员会", "0817-2220000")
    assert [s["role_label"] for s in seen["signers"]] == ["执笔人", "署名人"]
    done(staff, proposal_id, "file")
    assert other.get(path).json()["contact_phone"] == "081****00"
    assigned(city, staff, proposal_id, lead=0)
    assert officer.get(path).json()["contact_phone"] == "0817-2220000"
    assert news(city, head)[-1] == f"提案《{TEXT['title']}》已交办承办单位"

    counted = other.get("/api/v1/proposal-bodies").json()
    assert counted == [
        {
            "body_id": body["id"],
            "submitted": 1,
            "filed": 1,
            "key": 0,
            "commended": 0,
            "replied": 0,
            "closed": 0,
        }
    ]
    of_body = other.get(f"/api/v1/proposals?scope=filed&body_id={body['id']}").json()["items"]
    assert [one["id"] for one in of_body] == [proposal_id]
    assert differences(city) == []


@on_sqlite
def test_what_the_secretariat_returned_comes_back_through_the_head(city):
    staff, head, author = city.staff(), city.member(), city.member()
    opened_window(staff)
    body = added(staff, head=head, speakers=[author])
    proposal_id = drafted(author, kind="collective", body_id=body["id"])
    done(author, proposal_id, "ask_head")
    done(head, proposal_id, "confirm")
    done(staff, proposal_id, "return_for_revision", reason="请补数字")

    done(author, proposal_id, "ask_head")
    assert done(head, proposal_id, "hand_back", reason="数字不对")["state"] == "returned"
    done(author, proposal_id, "ask_head")
    assert done(author, proposal_id, "withdraw")["state"] == "returned"
    # another who acts for the body goes on with it; the head needs to ask nobody
    edited = head.put(
        f"/api/v1/proposals/{proposal_id}",
        TEXT | {"kind": "collective", "body_id": body["id"], "title": "关于托育的建议"},
        headers={"If-Match": '"1"'},
    )
    assert edited.status_code == 200, edited.text
    assert head.delete(f"/api/v1/proposals/{proposal_id}").json()["code"] == "not_author"
    assert done(head, proposal_id, "submit")["state"] == "submitted"
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    assert differences(city) == []


@on_sqlite
def test_without_a_head_nothing_is_submitted_and_nothing_lost(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    body = added(staff, speakers=[author])
    proposal_id = drafted(author, kind="collective", body_id=body["id"])
    refused = run(author, proposal_id, "ask_head")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_head")
    staff.patch(f"/api/v1/bodies/{body['id']}", {"spokesperson_ids": []})
    assert run(author, proposal_id, "ask_head").json()["code"] == "not_spokesperson"
    path = f"/api/v1/proposals/{proposal_id}"
    saved = author.put(
        path, author_text(author, path) | {"title": "关于别的事的建议"}, headers={"If-Match": '"1"'}
    )
    assert saved.json()["title"] == "关于别的事的建议"


@on_sqlite
def test_a_head_who_left_is_shown_no_more_and_the_next_one_is_asked(city):
    staff, head, following, author = (
        city.staff(),
        city.member("周岚"),
        city.member("吴远"),
        city.member("郑一"),
    )
    opened_window(staff)
    body = added(staff, head=head, speakers=[author])
    path = f"/api/v1/bodies/{body['id']}"
    proposal_id = drafted(author, kind="collective", body_id=body["id"])
    done(author, proposal_id, "ask_head")
    ended = staff.put(
        f"/api/v1/seats/{head.seat_id}/end",
        {"kind": "transferred", "on": days_ago(1), "paper": "云政协〔2026〕1号"},
    )
    assert ended.status_code == 200, ended.text
    assert author.get(path).json()["head"] is None
    told = (
        f"民盟云川市委员会的负责人离任，提案《{TEXT['title']}》等新的负责人确认；急需提交的，请联系政协机关"
    )
    assert unread(city, author) == [told]
    office = "民盟云川市委员会没有在任的负责人，1 件集体提案等人确认，请登记新的负责人"
    assert unread(city, staff) == [office]
    (shown,) = staff.get("/api/v1/notifications").json()["items"]
    assert shown["path"] == path
    assert staff.delete(f"/api/v1/seats/{head.seat_id}/end").status_code == 200  # recorded by mistake
    assert (len(unread(city, head)), unread(city, author), unread(city, staff)) == (1, [], [])
    again = {"kind": "transferred", "on": days_ago(1), "paper": "云政协〔2026〕1号"}
    for _ in range(2):  # once, and corrected
        assert staff.put(f"/api/v1/seats/{head.seat_id}/end", again).status_code == 200
    assert (unread(city, author), unread(city, staff)) == ([told], [office])

    staff.patch(path, {"head_seat_id": following.seat_id})
    assert unread(city, staff) == []
    assert author.get(path).json()["head"]["name"] == "吴远"
    assert news(city, following) == [f"以民盟云川市委员会名义起草的提案《{TEXT['title']}》，请您确认"]
    assert unread(city, head) == unread(city, author) == []
    staff.patch(path, {"contact_name": "李明", "head_seat_id": following.seat_id})  # told once
    assert len(news(city, following)) == 1
    staff.patch(path, {"head_seat_id": None})
    assert unread(city, following) == []
    assert unread(city, author) == [told]
    staff.patch(path, {"head_seat_id": following.seat_id})
    assert done(following, proposal_id, "confirm")["state"] == "submitted"


@on_sqlite
def test_the_heads_confirmation_ends_signing_as_a_submission_does(city):
    staff, head, author, named, late = (city.staff(), *(city.member() for _ in range(4)))
    opened_window(staff)
    body = added(staff, head=head, speakers=[author])
    proposal_id = drafted(author, kind="collective", body_id=body["id"])
    path = f"/api/v1/proposals/{proposal_id}"
    author.post(f"{path}/signers", {"seat_ids": [named.seat_id, late.seat_id]})
    named.put(f"{path}/signature", {"accept": True})
    text = TEXT | {"kind": "collective", "body_id": body["id"], "suggestions": "一、另一条建议。"}
    assert author.put(path, text, headers={"If-Match": '"1"'}).status_code == 200
    done(author, proposal_id, "ask_head")
    assert differences(city) == [], "an invitation waits with the text"

    done(head, proposal_id, "confirm")

    asked = head.get("/api/v1/notifications").json()["items"]
    assert [one["unread"] for one in asked if one["kind"] == "proposal.to_confirm"] == [0]
    assert news(city, named)[-1].endswith("修改后您没有再次确认，不计为联名人")
    assert author.get(f"{path}/track").json()["steps"][-1]["data"]["not_counted"] == 1
    assert differences(city) == []


def author_text(author, path):
    proposal = author.get(path).json()
    return {name: proposal[name] for name in ("kind", "body_id", "situation", "suggestions", "category")}


@on_sqlite
def test_a_body_written_twice_becomes_one(city):
    staff, head = city.staff(), city.member()
    opened_window(staff)
    one, two = added(staff, "民盟市委", head=head), added(staff, head=head)
    proposal_id = drafted(head, kind="collective", body_id=one["id"])
    done(head, proposal_id, "submit")
    path = f"/api/v1/bodies/{one['id']}"
    assert staff.delete(path).json()["code"] == "body_used"
    assert staff.delete(f"{path}?into_id={two['id']}").status_code == 204
    assert head.get(f"/api/v1/proposals/{proposal_id}").json()["body_name"] == "民盟云川市委员会"
    assert [body["id"] for body in staff.get("/api/v1/bodies").json()] == [two["id"]]
