from datetime import date, timedelta

from sqlalchemy import update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.people.models import Organization
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.proposals import TEXT, done, drafted, invited, opened_window


def test_the_invited_read_the_draft_and_sign_or_decline(city):
    author, friend, shy, stranger = city.member("周岚"), city.member("吴远"), city.member(), city.member()
    path = invited(author, friend, shy)
    assert news(city, friend)[0].startswith(f"周岚邀请您联名提案《{TEXT['title']}》，请于")
    assert stranger.get(path).status_code == 404
    seen = friend.get(path).json()
    assert (seen["my_signature"], seen["may"], seen["actions"]) == ("invited", ["answer"], [])
    assert [p["id"] for p in friend.get("/api/v1/proposals?scope=cosigned").json()["items"]] == [seen["id"]]

    assert friend.put(f"{path}/signature", {"accept": True}).json()["state_label"] == "已同意联名"
    assert friend.put(f"{path}/signature", {"accept": True}).json()["state_label"] == "已同意联名"
    assert news(city, author) == [f"吴远同意联名提案《{TEXT['title']}》"]
    assert shy.put(f"{path}/signature", {"accept": False}).json()["state_label"] == "已谢绝"
    assert shy.get(path).status_code == 404
    assert friend.get(path).status_code == 200
    signers = author.get(path).json()["signers"]
    assert [(s["seat_id"], s["role"], s["state"]) for s in signers] == [
        (author.seat_id, "lead", "accepted"),
        (friend.seat_id, "participant", "accepted"),
        (shy.seat_id, "participant", "declined"),
    ]
    assert signers[1]["signed_version"] == 1


def test_who_did_not_sign_is_known_to_the_author_and_to_staff_alone(city):
    author, friend, shy, late = (city.member() for _ in range(4))
    staff, leader, reader = city.staff(), city.staff(Role.LEADER), city.member()
    opened_window(staff)
    path = invited(author, friend, shy, late)
    friend.put(f"{path}/signature", {"accept": True})
    shy.put(f"{path}/signature", {"accept": False})

    def seats(who) -> list[int]:
        return [s["seat_id"] for s in who.get(path).json()["signers"]]

    signed, all_ = [author, friend], [author, friend, shy, late]
    assert seats(friend) == [who.seat_id for who in signed]
    assert seats(late) == [who.seat_id for who in (*signed, late)]
    proposal_id = int(path.rpartition("/")[2])
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")
    for who in (reader, leader, friend):
        assert seats(who) == [who.seat_id for who in signed]
    for who in (author, staff):
        assert seats(who) == [who.seat_id for who in all_]


def test_co_signers_read_only(city):
    author, friend = city.member(), city.member()
    path = invited(author, friend)
    friend.put(f"{path}/signature", {"accept": True})
    refused = friend.put(path, TEXT, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_author")
    assert friend.delete(path).status_code == 403
    assert friend.post(f"{path}/transitions", {"action": "submit"}).status_code == 403
    assert [v["version"] for v in friend.get(f"{path}/versions").json()["items"]] == [1]  # the one signed


def test_an_invitation_ends_with_its_day(city):
    author, friend = city.member(), city.member()
    path = invited(author, friend)
    today = clock.local_day(clock.now())
    assert author.get(path).json()["signers"][1]["answer_by"] == str(today + timedelta(days=7))
    last_moment = clock.day_starts(today + timedelta(days=8)) - timedelta(seconds=1)
    with clock.frozen_at(last_moment):
        city.log_in(friend)
        assert friend.get(path).status_code == 200
    with clock.frozen_at(last_moment + timedelta(seconds=1)):
        city.log_in(friend)
        city.log_in(author)
        assert friend.get(path).status_code == 404
        late = friend.put(f"{path}/signature", {"accept": True})
        assert (late.status_code, late.json()["code"]) == (409, "invitation_expired")
        assert author.get(path).json()["signers"][1]["state"] == "expired"
        author.post(f"{path}/signers", {"seat_ids": [friend.seat_id]})
        assert friend.put(f"{path}/signature", {"accept": True}).status_code == 200


def test_the_day_to_answer_lies_ahead_and_not_too_far(city):
    author, friend = city.member(), city.member()
    proposal_id, today = drafted(author, kind="joint"), clock.local_day(clock.now())
    for days in (-1, 61):
        body = {"seat_ids": [friend.seat_id], "answer_by": str(today + timedelta(days=days))}
        refused = author.post(f"/api/v1/proposals/{proposal_id}/signers", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_answer_day")


def test_only_other_present_members_are_invited_and_only_to_a_joint_proposal(city):
    author, friend = city.member(), city.member()
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    gone = city.member(ends_on=yesterday)
    proposal_id = drafted(author, kind="joint")
    for seat_id in (author.seat_id, gone.seat_id, 999_999):
        asked = author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [seat_id]})
        assert (asked.status_code, asked.json()["code"]) == (422, "unknown_seat")
    alone = drafted(author)
    asked = author.post(f"/api/v1/proposals/{alone}/signers", {"seat_ids": [friend.seat_id]})
    assert (asked.status_code, asked.json()["code"]) == (409, "not_joint")


def test_an_edit_after_a_signature_keeps_it_and_tells_the_signer_once_a_day(city):
    author, friend = city.member(), city.member()
    path = invited(author, friend)
    friend.put(f"{path}/signature", {"accept": True})
    for version in (1, 2, 3):
        text = TEXT | {"kind": "joint", "situation": f"第{version}次修改。"}
        assert author.put(path, text, headers={"If-Match": f'"{version}"'}).status_code == 200
    assert news(city, friend)[1:] == [f"您联名的提案《{TEXT['title']}》有修改"]
    seen = friend.get(path).json()
    assert (seen["version"], seen["signers"][1]["state"], seen["signers"][1]["signed_version"]) == (
        4,
        "accepted",
        1,
    )
    to_alone = author.put(path, TEXT, headers={"If-Match": '"4"'})
    assert (to_alone.status_code, to_alone.json()["code"]) == (409, "has_signers")


def test_after_submission_nobody_joins_or_leaves(city):
    staff, author = city.staff(), city.member()
    friend, slow, stranger = city.member(), city.member(), city.member()
    opened_window(staff)
    path = invited(author, friend, slow)
    proposal_id = int(path.rsplit("/", 1)[1])
    friend.put(f"{path}/signature", {"accept": True})
    done(author, proposal_id, "submit")
    assert slow.get(path).status_code == 404
    assert slow.put(f"{path}/signature", {"accept": True}).status_code == 404
    assert stranger.put(f"{path}/signature", {"accept": True}).status_code == 404
    leaving = friend.put(f"{path}/signature", {"accept": False})
    assert (leaving.status_code, leaving.json()["state"]) == (409, "submitted")
    assert author.delete(f"{path}/signers/{friend.seat_id}").json()["state"] == "submitted"
    assert live_acts(city, slow) == []


def test_a_co_signer_who_was_taken_off_gets_no_credit(city):
    staff, author, friend, other = city.staff(), city.member(), city.member(), city.member()
    opened_window(staff)
    path = invited(author, friend, other)
    for who in (friend, other):
        who.put(f"{path}/signature", {"accept": True})
    assert author.delete(f"{path}/signers/{other.seat_id}").status_code == 204
    assert author.delete(f"{path}/signers/{other.seat_id}").status_code == 404
    assert author.delete(f"{path}/signers/{author.seat_id}").status_code == 404
    done(author, int(path.rsplit("/", 1)[1]), "submit")
    assert live_acts(city, other) == []
    assert live_acts(city, friend) == [("proposal.submitted", "participant", "city")]
    assert other.get(path).status_code == 404


def test_who_joins_or_leaves_during_a_revision_is_credited_accordingly(city):
    staff, author, stays, leaves, joins = city.staff(), *(city.member() for _ in range(4))
    opened_window(staff)
    path = invited(author, stays, leaves)
    proposal_id = int(path.rsplit("/", 1)[1])
    for who in (stays, leaves):
        who.put(f"{path}/signature", {"accept": True})
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "return_for_revision", reason="请补充。")
    author.post(f"{path}/signers", {"seat_ids": [joins.seat_id]})
    joins.put(f"{path}/signature", {"accept": True})
    assert leaves.put(f"{path}/signature", {"accept": False}).json()["state_label"] == "已谢绝"
    assert void_reasons(city, leaves) == ["不再联名"]
    assert differences(city) == []
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")
    acts = [("proposal.submitted", "participant", "city"), ("proposal.filed", "participant", "city")]
    assert live_acts(city, joins) == live_acts(city, stays) == acts
    assert live_acts(city, leaves) == []
    assert differences(city) == []


def test_a_retried_invitation_tells_once(city):
    author, friend = city.member(), city.member()
    proposal_id, key = drafted(author, kind="joint"), {"Idempotency-Key": "a1b2c3d4-invite"}
    for _ in range(2):
        asked = author.post(
            f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [friend.seat_id]}, headers=key
        )
        assert asked.status_code == 201
    assert len(news(city, friend)) == 1


def test_co_signers_hear_of_the_first_edit_after_a_return_even_on_the_day_of_another(city):
    author, friend, staff = city.member(), city.member(), city.staff()
    opened_window(staff)
    path = invited(author, friend)
    friend.put(f"{path}/signature", {"accept": True})

    def edit(situation: str) -> None:
        version = author.get(path).json()["version"]
        body = TEXT | {"kind": "joint", "situation": situation}
        assert author.put(path, body, headers={"If-Match": f'"{version}"'}).status_code == 200

    edit("第一稿。")
    proposal_id = int(path.rsplit("/", 1)[1])
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "return_for_revision", reason="请补充。")
    edit("第二稿。")
    edit("第三稿。")
    edits = [title for title in news(city, friend) if title.endswith("有修改")]
    assert edits == [f"您联名的提案《{TEXT['title']}》有修改"] * 2


def test_an_invitation_ends_with_the_day_of_its_organization(city):
    author, friend = city.member(), city.member()
    o = table(Organization)
    with city.database.transaction() as db:
        db.execute(update(o).where(o.c.id == city.organization_id).values(timezone="Asia/Urumqi"))
    path = invited(author, friend)
    last = date.fromisoformat(author.get(path).json()["signers"][1]["answer_by"])
    beyond = clock.day_starts(last + timedelta(days=1))  # in Shanghai; in Urumqi it is ten in the evening
    with clock.frozen_at(beyond):
        city.log_in(friend)
        assert friend.put(f"{path}/signature", {"accept": True}).status_code == 200


def test_whoever_left_an_invitation_unanswered_reads_so_once_the_proposal_is_on_file(city):
    author, friend, late, staff = city.member(), city.member(), city.member(), city.staff()
    opened_window(staff)
    path = invited(author, friend, late)
    friend.put(f"{path}/signature", {"accept": True})
    number = int(path.rpartition("/")[2])
    done(author, number, "submit")
    done(staff, number, "file")
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        city.log_in(late)
        seen = late.get("/api/v1/proposals?scope=cosigned").json()["items"] + [late.get(path).json()]
    assert {(row["my_signature"], row["my_signature_label"]) for row in seen} == {("expired", "已过期")}
    assert seen[-1]["may"] == []
