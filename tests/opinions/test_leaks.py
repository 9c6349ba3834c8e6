"""What is not for them reaches nobody: not by id, list, search, figure, notification, event or title."""

import pytest
from sqlalchemy import select

from app.auth import subjects
from app.auth.actor import actor_of
from app.auth.permissions import Role
from app.core.live import Event
from app.core.sql import table
from tests.factories.domains.opinions import combined, done, drafted, run, submitted

SECRET = "石桥镇粮库"
TEXT = {"title": f"{SECRET}有隐患", "body": f"{SECRET}三号仓漏雨。"}


@pytest.fixture
def others(city):
    """Everybody who is neither author nor staff."""
    roles = (Role.LEADER, Role.UNIT_OFFICER, Role.INFORMATION_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN)
    return [city.member(), *(city.staff(role) for role in roles)]


def ways(report_id) -> list[str]:
    """Every way to read of reports."""
    path = f"/api/v1/opinions/{report_id}"
    listed = [f"/api/v1/opinions?scope={scope}" for scope in ("mine", "desk", "issued")]
    return [
        *(path, f"{path}/track", f"{path}/versions", f"{path}/versions/1"),
        *(
            f"{way}{more}"
            for way in listed
            for more in ("", f"&q={SECRET}", "&state=combined", "&state=draft")
        ),
        "/api/v1/opinions/statistics/records",
        "/api/v1/leads?scope=desk",
        "/api/v1/notifications",
    ]


def assert_unseen(city, who, report_id):
    for way in ways(report_id):
        answer = who.get(way)
        assert SECRET not in answer.text, f"{who.name} {way}"
        if f"/{report_id}" in way:
            assert answer.status_code in {403, 404}, way
    with city.database.read.connect() as conn:
        actor = actor_of(conn, who.session_id)
        assert subjects.visible(conn, actor, "opinion_report", [report_id]) == set()
        e = table(Event)
        heard = conn.execute(
            select(e.c.subject_id).where(
                e.c.account_id.is_(None) | (e.c.account_id == who.account_id),
                e.c.subject_type.is_(None) | (e.c.subject_type == "opinion_report"),
                e.c.channel.like("opinion%"),
            )
        ).all()
        assert all(row.subject_id for row in heard), (
            "an event of a report names it, so that its rule is asked"
        )


def test_a_report_on_its_way_is_seen_by_author_and_staff_alone(city, others):
    author, staff = city.member(), city.staff()
    report_id = drafted(author, **TEXT)
    for who in (*others, staff):
        assert_unseen(city, who, report_id)
    done(author, report_id, "submit")
    for act, more in (
        (None, {}),
        ("start_editing", {}),
        ("shelve", {"reason": f"{SECRET}已有。"}),
        ("start_editing", {}),
        ("return", {"reason": f"{SECRET}请核实。"}),
    ):
        if act:
            done(staff, report_id, act, **more)
        for who in others:
            assert_unseen(city, who, report_id)


def test_a_part_of_a_combined_report_is_seen_by_author_and_staff_alone(city, others):
    author, companion, staff = city.member(), city.member(), city.staff()
    report_id = submitted(author, **TEXT)
    whole = combined(staff, report_id, submitted(companion))
    for who in (*others, companion):
        assert_unseen(city, who, report_id)
        assert who.get(f"/api/v1/opinions/{whole}").status_code in {403, 404}
    done(staff, whole, "issue", tier="city")
    done(staff, whole, "comment", tier="city", leader="市长", words="请研究。")
    for who in (*others, companion):
        assert_unseen(city, who, report_id)
        assert SECRET not in who.get(f"/api/v1/opinions/{whole}").text
        assert SECRET not in who.get(f"/api/v1/opinions/{whole}/track").text


def test_what_is_seen_by_all_members_names_no_report(city):
    author, stranger, staff = city.member(), city.member(), city.staff()
    report_id = submitted(author, **TEXT)
    done(staff, report_id, "start_editing")
    done(staff, report_id, "issue", tier="city")
    done(staff, report_id, "adopt", tier="city")
    for path in (f"/api/v1/seats/{author.seat_id}/records", f"/api/v1/cards/{author.seat_id}/term"):
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.text


def test_a_leader_who_reads_does_not_see_how_it_came_about(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER)
    report_id = submitted(author, **TEXT)
    done(staff, report_id, "return", reason="只给作者看的理由。")
    done(author, report_id, "submit")
    done(staff, report_id, "start_editing")
    done(staff, report_id, "issue", tier="city")
    path = f"/api/v1/opinions/{report_id}"
    assert [s["action"] for s in leader.get(f"{path}/track").json()["steps"]] == ["issue"]
    assert "只给作者看的理由" not in leader.get(path).text + leader.get(f"{path}/track").text
    assert run(leader, report_id, "undo", reason="看看。", step_id=1).status_code == 403
