"""Nobody loses what is theirs: between terms, after leaving, after a death, in a new term."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from app.auth.accounts.service import Grant, grant_role
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.people.models import Seat, Term
from tests.auth.conftest import Door
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned, rated, replied
from tests.factories.domains.ledger import live_acts
from tests.factories.domains.proposals import done, drafted, opened_window
from tests.factories.points.points import publish

A, R, S, T = table(Account), table(AccountRole), table(Seat), table(Term)
NEW = {"body": "走访社区食堂，老人的意见记在这里", "kind": "visit"}
TODAY = clock.local_day(clock.now())
YESTERDAY = TODAY - timedelta(days=1)
#: What is a member's own, whenever the seat was held.
OWN = (
    "/api/v1/seats/{seat}/records",
    "/api/v1/seats/{seat}/days",
    "/api/v1/cards/{seat}/" + str(YESTERDAY.year),
    "/api/v1/cards/{seat}/term",
    "/api/v1/issued-cards",
    "/api/v1/seats/{seat}/reports/" + str(YESTERDAY.year),
    "/api/v1/exports/seats/{seat}/records.xlsx",
    "/api/v1/proposals?scope=mine",
    "/api/v1/reading/year",
    "/api/v1/reading/logs",
    "/api/v1/notifications",
    "/api/v1/me/data.zip",
    "/api/v1/me/personal",
    "/api/v1/bulletins",
)


@pytest.fixture
def door(city: City) -> Door:
    return Door(city)


def end_term(city: City, last: date = YESTERDAY) -> None:
    """The term ended on a day, and with it every seat and the right to act for it."""
    with city.database.transaction() as db:
        for of in (T, S):
            db.execute(update(of).where(of.c.ends_on > last).values(ends_on=last))
        db.execute(update(R).where(R.c.role == Role.MEMBER).values(ends_on=last))


def enter(door: Door, who: Who) -> dict:
    """Log in with the password, as after the day on which everything ended; gives `me`."""
    me = door.log_in(door.give_password(who))["me"]
    door.city.log_in(who)
    return me


def end(
    staff: Who, seat_id: int, kind: str, on: date = YESTERDAY, paper: str | None = "云政协发〔2026〕12号"
):
    return staff.put(f"/api/v1/seats/{seat_id}/end", {"kind": kind, "on": str(on), "paper": paper})


def test_between_terms_all_is_read_and_nothing_written(city: City, door: Door):
    member, other, staff = city.member("沈文"), city.member("周岚"), city.staff()
    with clock.frozen_at(clock.now() - timedelta(days=2)):
        mine = city.log_in(member).post("/api/v1/updates", NEW).json()
    city.log_in(member)
    publish(city, staff, year=YESTERDAY.year)
    draft = member.post("/api/v1/proposals", {"kind": "individual", "title": "关于社区食堂的建议"}).json()
    end_term(city)

    me = enter(door, member)

    assert [r["role_label"] for r in me["roles"]] == ["届满委员"]
    assert (me["seat"]["id"], me["seat"]["current"], me["seat"]["ends_on"]) == (
        member.seat_id,
        False,
        str(YESTERDAY),
    )
    assert "届满，新一届还没有开始" in me["seat"]["note"]
    shared = ("/api/v1/updates", "/api/v1/topics", "/api/v1/points-board", "/api/v1/leaderboard?window=month")
    for path in (*OWN, *shared, f"/api/v1/updates/{mine['id']}", f"/api/v1/proposals/{draft['id']}"):
        answer = member.get(path.format(seat=member.seat_id))
        assert answer.status_code == 200, (path, answer.text)
    assert [r["seat"]["name"] for r in member.get("/api/v1/points-board").json()["items"]] == ["沈文", "周岚"]
    assert member.get("/api/v1/points-board").json()["mine"]["points"] == 2
    assert {s["name"] for s in member.get("/api/v1/seats").json()["items"]} == {member.name, other.name}
    assert [s["seat_count"] for s in member.get("/api/v1/sectors").json()] == [2, 0]
    assert [r["seat"]["name"] for r in staff.get("/api/v1/leaderboard?window=term").json()["items"]] == [
        "沈文"
    ]
    refused = member.post("/api/v1/updates", NEW)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "任期已经结束" in refused.json()["detail"]
    assert member.put(f"/api/v1/updates/{mine['id']}", {"body": "改", "kind": "visit"}).status_code == 403


def test_in_a_new_term_they_keep_their_own_and_no_more(city: City, door: Door):
    member, other, staff = city.member("沈文"), city.member("周岚"), city.staff()
    mine = member.post("/api/v1/updates", NEW).json()
    theirs = other.post("/api/v1/updates", NEW | {"body": "在农贸市场听摊主讲"}).json()
    end_term(city)
    term = {"ordinal": 17, "starts_on": str(TODAY), "ends_on": str(TODAY + timedelta(days=5 * 365))}
    assert staff.post("/api/v1/terms", term).status_code == 201

    me = enter(door, member)

    assert [r["role_label"] for r in me["roles"]] == ["离任委员"]
    assert "（任期届满）" in me["seat"]["note"] or "已于" in me["seat"]["note"]
    for path in (*OWN, f"/api/v1/updates/{mine['id']}", f"/api/v1/threads/{mine['thread_id']}/replies"):
        answer = member.get(path.format(seat=member.seat_id))
        assert answer.status_code == 200, (path, answer.text)
    (record,) = member.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]
    assert record["path"] == f"/api/v1/updates/{mine['id']}"
    assert member.get(f"/api/v1/updates/{theirs['id']}").status_code == 404
    assert member.get("/api/v1/updates").status_code == 403
    assert member.post("/api/v1/updates", NEW).status_code == 403
    assert member.get("/api/v1/activities").json()["items"] == []


def test_who_is_elected_again_keeps_the_earlier_term(city: City, door: Door):
    member, staff = city.member("沈文"), city.staff()
    draft = member.post("/api/v1/proposals", {"kind": "individual", "title": "关于社区食堂的建议"}).json()
    end_term(city)
    term = {"ordinal": 17, "starts_on": str(TODAY), "ends_on": str(TODAY + timedelta(days=5 * 365))}
    term_id = staff.post("/api/v1/terms", term).json()["id"]
    sector = staff.post("/api/v1/sectors", {"name": "经济界", "term_id": term_id}).json()["id"]
    new = {"name": "沈文", "phone": member.phone, "sector_id": sector, "employer": "云川大学 教授"}
    seat = staff.post("/api/v1/seats", new)
    assert seat.status_code == 201, seat.text

    me = enter(door, member)

    assert (me["seat"]["id"], me["seat"]["current"], me["seat"]["note"]) == (seat.json()["id"], True, None)
    assert [(s["id"], s["current"]) for s in me["past_seats"]] == [(member.seat_id, False)]
    assert member.get(f"/api/v1/proposals/{draft['id']}").status_code == 200
    assert member.get(f"/api/v1/cards/{member.seat_id}/term").status_code == 200
    assert member.post("/api/v1/updates", NEW).status_code == 201
    employers = [
        staff.get(f"/api/v1/seats/{s}").json()["employer"] for s in (member.seat_id, me["seat"]["id"])
    ]
    assert employers == [None, "云川大学 教授"]


def test_who_left_in_mid_term_is_told_how_and_keeps_what_is_theirs(city: City, door: Door):
    member, other, staff = city.member("沈文"), city.member("周岚"), city.staff()
    member.post("/api/v1/updates", NEW)
    assert end(staff, member.seat_id, "resigned").status_code == 200

    assert member.get("/api/v1/auth/me").status_code == 401  # the session of a member has ended
    me = enter(door, member)

    assert f"{clock.in_words(YESTERDAY)}结束（辞去委员）" in me["seat"]["note"]
    assert member.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]
    assert [s["name"] for s in other.get("/api/v1/seats").json()["items"]] == ["周岚"]
    seen = [who.get(f"/api/v1/seats/{member.seat_id}").json() for who in (staff, other)]
    shown = [[s[k] for k in ("end_kind", "end_kind_label", "end_paper")] for s in seen]
    assert shown == [["resigned", "辞去委员", "云政协发〔2026〕12号"], [None, "已离任", None]]
    closing = member.get(f"/api/v1/cards/{member.seat_id}/{TODAY.year}").json()["sections"][-1]["text"]
    assert "感谢您说过的每一句话" in closing or YESTERDAY.year != TODAY.year
    assert [r["seat"]["name"] for r in other.get("/api/v1/leaderboard?window=term").json()["items"]] == []

    moved = staff.patch(f"/api/v1/seats/{member.seat_id}", {"ends_on": str(TODAY)})
    assert (moved.status_code, moved.json()["code"]) == (409, "end_recorded")
    back = staff.delete(f"/api/v1/seats/{member.seat_id}/end")
    assert (back.json()["end_kind"], back.json()["current"]) == (None, True)
    assert staff.delete(f"/api/v1/seats/{member.seat_id}/end").json()["code"] == "no_end"
    assert city.log_in(member).post("/api/v1/updates", NEW | {"body": "回来了"}).status_code == 201


def test_the_account_of_somebody_who_died_is_closed_and_no_batch_writes_to_it(city: City, door: Door):
    member, other, staff = city.member("沈文"), city.member("周岚"), city.staff()
    assert end(staff, member.seat_id, "died", TODAY, "讣告").status_code == 200

    refused = door.try_login(door.give_password(member).phone)

    assert (refused.status_code, refused.json()["code"]) == (403, "account_disabled")
    batch = staff.post("/api/v1/issued-cards/batches", {"period": str(TODAY.year - 1)}).json()
    assert batch["total"] == 1
    card = staff.get(f"/api/v1/cards/{member.seat_id}/{TODAY.year - 1}").json()
    assert not card["sections"][-1]["text"].startswith("斯人")  # today is still theirs
    wrong = staff.put(f"/api/v1/seats/{member.seat_id}/end", {"kind": "resigned", "on": str(YESTERDAY)})
    assert wrong.status_code == 200, wrong.text
    assert door.try_login(member.phone).json()["code"] == "account_disabled", "the administrator opens it"
    assert other.get("/api/v1/auth/me").status_code == 200


def test_whoever_keeps_the_roster_closes_no_administrator_and_opens_nobody(city: City, door: Door):
    member, staff, admin = city.member("沈文"), city.staff(), city.staff(Role.SYSTEM_ADMIN)
    assert admin.put(f"/api/v1/accounts/{member.account_id}/disabled", {"disabled": True}).status_code == 204
    assert end(staff, member.seat_id, "died", TODAY, "讣告").status_code == 200
    assert staff.delete(f"/api/v1/seats/{member.seat_id}/end").status_code == 200
    assert door.try_login(door.give_password(member).phone).json()["code"] == "account_disabled"

    guard = city.member("周岚")
    with city.database.transaction() as db:
        grant_role(db, guard.account_id, Grant(city.organization_id, Role.SECURITY_ADMIN))
    refused = end(staff, guard.seat_id, "died", TODAY, "讣告")
    assert (refused.status_code, refused.json()["code"]) == (403, "administrator")


@pytest.mark.parametrize(
    ("kind", "on", "says"),
    [
        ("term_over", YESTERDAY, "提前离任请选其他方式"),
        ("died", TODAY + timedelta(days=1), "不能晚于今天"),
        ("resigned", date(1999, 1, 1), "离任日期应在"),
    ],
)
def test_an_end_that_cannot_be_is_refused_in_a_sentence(city: City, kind: str, on: date, says: str):
    answer = end(city.staff(), city.member().seat_id, kind, on)
    assert (answer.status_code, says in answer.json()["detail"]) == (422, True), answer.text
    with city.database.read.connect() as conn:
        assert conn.scalars(select(S.c.end_kind)).all() == [None]


def test_a_longer_term_takes_along_who_served_and_not_who_left(city: City):
    stays, left, staff = city.member("沈文"), city.member("周岚"), city.staff()
    term_end = staff.get(f"/api/v1/seats/{stays.seat_id}").json()["ends_on"]
    assert end(staff, left.seat_id, "transferred", date.fromisoformat(term_end)).status_code == 200
    later = str(date.fromisoformat(term_end) + timedelta(days=60))

    assert staff.patch(f"/api/v1/terms/{city.term_id}", {"ends_on": later}).status_code == 200

    ends = [staff.get(f"/api/v1/seats/{who.seat_id}").json()["ends_on"] for who in (stays, left)]
    assert ends == [later, term_end]


def test_nobody_is_granted_a_past_role(city: City):
    security, member = city.staff(Role.SECURITY_ADMIN), city.member()
    answer = security.post(f"/api/v1/accounts/{member.account_id}/roles", {"role": "former_member"})
    assert (answer.status_code, answer.json()["code"]) == (422, "past_role")


def test_the_reply_to_ones_own_proposal_is_rated_after_the_last_day(city: City, door: Door):
    member, staff, officer = city.member("沈文"), city.staff(), city.staff(Role.UNIT_OFFICER, "教育局")
    opened_window(staff)
    number = drafted(member)
    done(member, number, "submit")
    done(staff, number, "file")
    [work] = assigned(city, staff, number, lead=0).values()
    reply = replied(officer, staff, number, work)
    assert end(staff, member.seat_id, "transferred").status_code == 200
    enter(door, member)

    assert [p["id"] for p in member.get("/api/v1/proposals?scope=to_rate").json()["items"]] == [number]
    assert rated(member, number, reply).status_code == 200

    assert staff.get(f"/api/v1/proposals/{number}").json()["state"] == "rated"
    assert "proposal.rated" not in [kind for kind, *_ in live_acts(city, member)]
    assert member.put(f"/api/v1/proposals/{number}", {}).status_code == 403
