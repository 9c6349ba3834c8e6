"""A year's bulletin: counted, published, and the same for good; who sees what of it; how it is corrected."""

from datetime import date
from typing import Any

import pytest

from app.auth.permissions import Role
from app.core import clock
from app.people.models import Post
from tests.factories.city import City, Who
from tests.factories.domains.bulletins import BULLETINS, drafted, figures, kinds, published, read, whole
from tests.factories.domains.ledger import differences, news
from tests.factories.points.points import publish
from tests.points.world import World, at


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def speech(staff: Who, who: Who, held_on: str, title: str = "大会发言") -> None:
    act = {"kind": "speech.delivered", "title": title, "held_on": held_on}
    answer = staff.post(f"/api/v1/seats/{who.seat_id}/records", act)
    assert answer.status_code == 201, answer.text


def test_a_year_is_counted_by_kind_sector_and_committee_beside_the_year_before(world):
    city = world.city
    with clock.frozen_at(at("2026-12-31 23:00")):
        a = city.member("甲", committees=(0, 1))
        b = city.member("乙", sector=1)
        left = city.member("丙", ends_on=date(2026, 7, 1))
        staff = city.staff()
    topic = world.topic(staff, at("2026-03-01 09:00"))
    for who in (a, b):
        world.reply(who, topic, at("2026-03-02 09:00"))
    world.update(a, at("2026-12-31 23:59"))
    world.update(a, at("2027-01-01 00:00"))
    world.update(left, at("2026-02-01 10:00"))
    world.update(b, at("2025-12-31 23:59"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        speech(staff, a, "2026-05-01", "联合发言")
        speech(staff, b, "2026-05-01", "联合发言")
        made = published(city, staff)
        assert (made["state_label"], made["version"], made["complete"]) == ("已发布", 1, True)
        assert kinds(made) == {
            "update.posted": (2, 2, 2, 1),
            "reply.posted": (2, 2, 2, 0),
            "topic.joined": (2, 1, 2, 0),
            "speech.delivered": (2, 1, 2, 0),
        }
        assert (made["now"]["seats"]["count"], made["now"]["full_time"]) == (3, 2.5)
        assert (made["before"]["seats"]["count"], made["before"]["full_time"]) == (3, 3.0)
        update = made["kinds"][0]
        assert (update["now"]["per_head"], update["before"]["per_head"], update["change"]) == (
            0.8,
            0.33,
            1.4013,
        )
        groups = staff.get(f"{BULLETINS}/{made['id']}/groups?by=sector&kind=update.posted").json()
        assert [
            (g["name"], g["now"]["seats"]["count"], g["counts"]["now"]["records"]["count"]) for g in groups
        ] == [
            ("经济界", 2, 2),
            ("教育界", 1, 0),
        ]
        groups = staff.get(f"{BULLETINS}/{made['id']}/groups?by=committee&kind=any").json()
        counted = {g["name"]: g["counts"]["now"]["records"]["count"] for g in groups}
        assert counted == {"提案委员会": 8, "文化文史和学习委员会": 4}, "甲 counts in both"
        assert made["active"]["now"]["records"]["count"] == 8


def test_every_figure_opens_exactly_what_it_counts(world):
    city = world.city
    with clock.frozen_at(at("2026-06-01 09:00")):
        a, b = city.member("甲", committees=(0, 1)), city.member("乙", sector=1)
        staff = city.staff()
        publish(city, staff)
    topic = world.topic(staff, at("2026-03-01 09:00"))
    for who, day in ((a, 2), (a, 3), (b, 2)):
        world.reply(who, topic, at(f"2026-03-0{day} 09:00"))
    for day in range(1, 9):
        world.update(a, at(f"2026-04-0{day} 09:00"))
    world.update(b, at("2025-04-01 09:00"))
    with clock.frozen_at(at("2026-06-02 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        answers: list[Any] = [made]
        for by in ("sector", "committee"):
            listed = f"{BULLETINS}/{made['id']}/groups?by={by}"
            answers += [
                staff.get(f"{listed}&kind={k}").json() for k in ("any", "update.posted", "reply.posted")
            ]
            answers += [staff.get(group["path"]).json() for group in answers[-1]]
        answers.append(whole(staff, made["unmet"]["path"]))
        seen = 0
        opened = list(figures(answers))
        for figure in opened:
            assert (figure["path"] is None) == (figure["count"] == 0), figure
            if figure["path"]:
                rows = whole(staff, figure["path"], limit=3)
                assert len(rows) == figure["count"], figure
                seen += 1
                for inner in figures(rows):
                    if inner["path"]:
                        assert len(whole(staff, inner["path"])) == inner["count"], inner
        assert seen > 60


def test_what_is_published_stays_what_it_was_and_a_correction_is_a_version(world):
    city = world.city
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    first = world.update(a, at("2026-03-02 09:00"))
    world.update(b, at("2026-03-03 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        made = published(city, staff, preface="一年来，委员履职有为。")
        path = made["kinds"][0]["now"]["records"]["path"]
        assert made["newer_records"] == 0
    world.hide(staff, ("update", first), at("2027-01-06 09:00"))
    with clock.frozen_at(at("2027-01-07 09:00")):
        for who in (staff, a, b):
            city.log_in(who)
        late = {"kind": "speech.delivered", "title": "补录发言", "held_on": "2026-06-01"}
        assert staff.post(f"/api/v1/seats/{a.seat_id}/records", late).status_code == 201
        again = read(staff, made["id"])
        assert kinds(again) == {"update.posted": (2, 2, 2, 0)}, "frozen"
        assert again["newer_records"] == 2
        rows = whole(b, path)
        assert [(r["seat"]["name"], r["voided"], r["title"]) for r in rows][1] == ("甲", True, "动态")
        assert "今天走访" in rows[0]["title"], "what is hidden is not said, what is not is"
        refused = staff.post(BULLETINS, {"duty_year": 2026})
        assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")
        new = published(city, staff, reason="补录一次发言，一条动态已隐藏")
        assert kinds(new) == {"update.posted": (1, 1, 1, 0), "speech.delivered": (1, 1, 1, 0)}
        assert [(c["kind"], c["records_before"], c["records"]) for c in new["changes"]] == [
            ("update.posted", 2, 1),
            ("speech.delivered", 0, 1),
        ]
        old = read(a, made["id"])
        assert (old["state_label"], old["preface"]) == ("已更正", "一年来，委员履职有为。")
        assert [(v["version"], v["state"], v["reason"]) for v in old["versions"]] == [
            (2, "published", "补录一次发言，一条动态已隐藏"),
            (1, "superseded", None),
        ]
        assert [title for title in news(city, a) if "通报" in title] == [
            "2026年度通报已发布",
            "2026年度通报已更正",
        ]
        assert differences(city) == []


def test_a_draft_is_staffs_own_and_is_written_counted_again_or_thrown_away(world):
    city = world.city
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff, leader = city.member("甲"), city.staff(), city.staff(Role.LEADER)
        draft = drafted(staff)
        path, own = f"{BULLETINS}/{draft['id']}", {"If-Match": f'"{draft["revision"]}"'}
        for who in (a, leader):
            assert who.get(path).status_code == 404
            assert who.get(BULLETINS).json()["items"] == []
        assert staff.post(BULLETINS, {"duty_year": 2026}).json()["code"] == "draft_exists"
        edited = staff.put(path, {"preface": "前言"}, headers=own)
        assert (edited.json()["preface"], edited.json()["revision"]) == ("前言", 2)
        stale = staff.put(path, {"preface": "另一个前言"}, headers=own)
        assert (stale.status_code, stale.json()["current"]["preface"]) == (412, "前言")
    world.update(a, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2026-03-03 09:00")):
        city.log_in(staff)
        assert read(staff, draft["id"])["newer_records"] == 1
        counted = staff.put(f"{path}/counts").json()
        assert (kinds(counted), counted["preface"]) == ({"update.posted": (1, 1, 1, 0)}, "前言")
        assert counted["complete"] is False
        assert counted["kinds"][0]["now"]["per_head"] == 1.0
        assert staff.delete(path).status_code == 204
        assert staff.get(path).status_code == 404
        again = published(city, staff)
        assert again["version"] == 1
        for method, sub in (("put", "/counts"), ("put", "/publication"), ("delete", "")):
            answer = getattr(staff, method)(f"{BULLETINS}/{again['id']}{sub}")
            assert (answer.status_code, answer.json()["code"]) == (409, "not_a_draft")
        for year, code in ((2027, "year_not_begun"), (2010, "no_seats")):
            answer = staff.post(BULLETINS, {"duty_year": year})
            assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_who_has_duties_left_is_for_staff_and_closed_kinds_are_not_opened_to_members(world):
    city = world.city
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, b = city.member("甲"), city.member("乙", post=Post.STANDING_MEMBER)
        staff, leader = city.staff(), city.staff(Role.LEADER)
        publish(city, staff)
    for day in (2, 3, 4):
        world.update(a, at(f"2026-03-0{day} 09:00"))
    world.update(b, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2026-04-01 09:00")):
        for who in (a, b, staff, leader):
            city.log_in(who)
        activity = {"title": "调研", "kind": "research", "place": "区里", "half_days": 1}
        days = {"starts_at": "2026-03-20T01:00:00Z", "ends_at": "2026-03-20T04:00:00Z"}
        assert (
            staff.post("/api/v1/activities", activity | days | {"seat_ids": [a.seat_id]}).status_code == 201
        )
        made = published(city, staff)
        (row,) = whole(staff, made["unmet"]["path"])
        (duty,) = row["duties"]
        assert (row["seat"]["name"], duty["done"], duty["due"], duty["advice"]) == (
            "乙",
            1,
            3,
            "发布三条动态",
        )
        (record,) = whole(staff, duty["records"]["path"])
        assert record["seat"]["name"] == "乙"
        assert made["now"]["mean_points"] == 3.0
        for who in (a, b, leader):
            seen = read(who, made["id"])
            assert (seen["unmet"], seen["newer_records"], seen["may_edit"]) == (None, None, False)
            assert seen["active"]["now"]["records"]["path"] is None
            for path in (made["unmet"]["path"], duty["records"]["path"]):
                assert who.get(path).status_code == 403
            for what in ("records", "subjects", "members"):
                for kind in ("activity.absent", "any"):
                    answer = who.get(f"{BULLETINS}/{made['id']}/{what}?year=2026&kind={kind}")
                    assert (answer.status_code, answer.json()["code"]) == (403, "kind_closed")
            answer = who.get(f"{BULLETINS}/{made['id']}/groups?kind=opinion.submitted")
            assert answer.json()["code"] == "kind_closed"
            members = whole(who, seen["now"]["seats"]["path"])
            assert {m["seat"]["name"] for m in members} == {"甲", "乙"}


def test_bad_questions_are_answered_plainly(city):
    staff = city.staff()
    city.member("甲")
    year = clock.local_day(clock.now()).year
    base = f"{BULLETINS}/{drafted(staff, year)['id']}"
    for path, status, code in (
        ("records?year=1", 422, "invalid"),
        (f"records?year={year}&kind=nothing", 422, "unknown_kind"),
        ("groups?by=colour", 422, "invalid"),
        ("groups?kind=nothing", 422, "unknown_kind"),
        ("kinds?sector=无此界别", 404, "not_found"),
        (f"members?year={year}&sector=甲&committee=乙", 422, "two_groups"),
        (f"records?year={year}&cursor=x", 422, "bad_cursor"),
        ("unmet/1/nothing", 404, "not_found"),
    ):
        answer = staff.get(f"{base}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


def test_a_year_that_runs_is_compared_with_the_same_days_of_the_year_before(world):
    city = world.city
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲"), city.staff()
        city.member("乙", ends_on=date(2025, 2, 28))
    for moment in ("2025-01-10 09:00", "2025-03-31 23:59", "2025-04-01 00:00", "2025-12-31 09:00"):
        world.update(a, at(moment))
    for moment in ("2026-01-10 09:00", "2026-02-10 09:00", "2026-03-31 23:00"):
        world.update(a, at(moment))
    with clock.frozen_at(at("2026-03-31 23:30")):
        city.log_in(staff)
        running = drafted(staff)
        assert (running["complete"], running["before"]["label"]) == (False, "上年同期")
        assert kinds(running) == {"update.posted": (3, 3, 1, 2)}
        update = running["kinds"][0]
        assert len(whole(staff, update["before"]["records"]["path"])) == 2
        assert (running["before"]["seats"]["count"], running["before"]["full_time"]) == (2, 1.7)
        assert (update["now"]["per_head"], update["before"]["per_head"]) == (3.0, 1.21)
        assert update["change"] == 1.4833, "3 a head against 2 for 90 and 59 days"
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        whole_year = staff.put(f"{BULLETINS}/{running['id']}/counts").json()
        assert (whole_year["before"]["label"], kinds(whole_year)) == ("上年", {"update.posted": (3, 3, 1, 4)})
