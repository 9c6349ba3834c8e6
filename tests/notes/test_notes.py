"""Internal notes: staff who work on a thing talk about it beside it, and nobody else hears of it."""

import json
from datetime import timedelta
from functools import partial
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from app.auth.actor import actor_of
from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock, live
from app.core.sql import table
from app.notes.models import InternalNote
from app.notifications.hearing import who_sees
from tests.factories.city import City
from tests.factories.domains import opinions
from tests.factories.domains.archive import claimed
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import drafted, filed, opened_window
from tests.factories.everything import made
from tests.factories.statements import statements


def post(who, subject, body="与去年第 27 号相近。", **more):
    return who.post("/api/v1/notes", {"subject": subject, "body": body} | more)


def notes(who, subject):
    answer = who.get(f"/api/v1/notes?subject={subject}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def edit(who, note, version, body="改过的话", **more):
    path = f"/api/v1/notes/{note['id']}"
    return who.patch(path, {"body": body} | more, headers={"If-Match": f'"{version}"'})


@pytest.fixture
def desk(city):
    """A proposal on file, with its author, and two colleagues who work on it."""
    author, staff, other = city.member("周岚"), city.staff(name="王芳"), city.staff(name="刘军")
    opened_window(staff)
    return f"proposal:{filed(city, author, staff)}", author, staff, other


def test_two_colleagues_talk_about_a_proposal(city, desk):
    about, _, staff, other = desk
    first = post(staff, about, mentions=[other.account_id, staff.account_id]).json()
    assert (first["author"]["name"], first["mentions"]) == (
        "王芳",
        [{"account_id": other.account_id, "name": "刘军"}],
    )
    [notice] = other.get("/api/v1/notifications").json()["items"][:1]
    assert notice["title"] == "王芳在内部备注中提到您"
    assert (notice["place"]["path"], notice["path"]) == (
        f"/api/v1/proposals/{about.partition(':')[2]}",
        f"/api/v1/notes/{first['id']}",
    )
    assert other.get(notice["path"]).json()["subject"] == about

    answer = post(other, about, "同意，建议并案。", parent_id=first["id"]).json()
    assert post(staff, about, "好", parent_id=answer["id"]).json()["code"] == "reply_to_reply"
    [top] = notes(staff, about)
    assert [reply["body"] for reply in top["replies"]] == ["同意，建议并案。"]
    assert (top["may"], top["replies"][0]["may"]) == (["reply", "edit", "delete"], [])

    assert edit(other, first, 1).json()["code"] == "not_yours"
    assert other.delete(f"/api/v1/notes/{first['id']}").json()["code"] == "not_yours"
    changed = edit(staff, first, 1, "与去年第 28 号相近。").json()
    assert (changed["version"], changed["mentions"]) == (2, first["mentions"])
    stale = edit(staff, first, 1, "另一页上写的")
    assert (stale.status_code, stale.json()["current"]["body"]) == (412, "与去年第 28 号相近。")

    assert staff.delete(f"/api/v1/notes/{first['id']}").status_code == 204
    assert staff.delete(f"/api/v1/notes/{first['id']}").status_code == 204
    [top] = notes(other, about)
    assert (top["body"], bool(top["deleted_at"]), top["mentions"], top["may"]) == ("", True, [], [])
    assert len(top["replies"]) == 1
    assert post(other, about, "再说一句", parent_id=first["id"]).json()["code"] == "note_deleted"
    assert edit(staff, first, 3).json()["code"] == "note_deleted"
    assert not any(
        n["kind"] == "internal_note.mentioned" for n in other.get("/api/v1/notifications").json()["items"]
    )


def test_an_edit_calls_only_those_who_were_not_called_before(city, desk):
    about, _, staff, other = desk
    third = city.staff(name="赵敏")
    note = post(staff, about, mentions=[other.account_id]).json()
    edit(staff, note, 1, mentions=[other.account_id, third.account_id])

    def told(who):
        items = who.get("/api/v1/notifications").json()["items"]
        return [n["count"] for n in items if n["kind"] == "internal_note.mentioned"]

    assert (told(other), told(third)) == ([1], [1])


def test_nobody_but_those_who_work_on_it_reads_notes_or_hears_of_them(city, desk, app):
    about, author, staff, _ = desk
    proposal_id = int(about.partition(":")[2])
    assigned(city, staff, proposal_id, lead=0)
    note = post(staff, about).json()
    county = City(app, city.database, name="政协柳溪县委员会")
    outsiders = [author, county.staff(), city.staff(office=city.office("信息科", Area.INFORMATION))]
    outsiders += [city.staff(role) for role in Role if role not in {Role.SECRETARIAT, Role.MEMBER}]
    for who in outsiders:
        for answer in (
            who.get(f"/api/v1/notes?subject={about}"),
            who.get(f"/api/v1/notes/colleagues?subject={about}"),
            who.get(f"/api/v1/notes/{note['id']}"),
            post(who, about),
            edit(who, note, 1),
            who.delete(f"/api/v1/notes/{note['id']}"),
        ):
            assert answer.status_code in {403, 404}, answer.text
    with city.database.read.connect() as conn:
        [event] = [
            e for e in live.after(conn, city.organization_id, 0, 1000) if e["name"] == "internal_note.posted"
        ]
        assert (event["channel"], event["also"]) == ("desk", f"proposal_desk:{proposal_id}")
        actors = [actor_of(conn, who.session_id) for who in (author, staff, *outsiders[2:])]
        assert who_sees(conn, actors, (event["subject_type"], event["subject_id"])) == {staff.account_id}


def test_staff_who_are_members_too_read_no_notes_on_what_is_theirs(city, desk):
    _, author, staff, _ = desk
    with city.database.transaction() as db:
        city._grant(db, author.account_id, Role.SECRETARIAT)
    subjects = {
        "proposal": filed(city, author, staff),
        "opinion_report": opinions.submitted(author),
        "lead": author.post("/api/v1/leads/own", {"body": "充电桩坏了两个多月。"}).json()["id"],
        "claim": claimed(author)["id"],
    }
    for kind, number in subjects.items():
        assert post(staff, f"{kind}:{number}").status_code == 201, kind
        assert author.get(f"/api/v1/notes?subject={kind}:{number}").status_code == 404, kind
    theirs = drafted(city.member())
    assert author.get(f"/api/v1/notes?subject=proposal:{theirs}").status_code == 404
    with_title = desk[0]
    assert author.get(f"/api/v1/notes?subject={with_title}").status_code == 404
    other = city.member()
    number = filed(city, other, staff)
    assert post(author, f"proposal:{number}").status_code == 201


def test_a_committees_office_takes_notes_on_its_own_activities_and_topics_alone(city):
    clerk = city.staff(name="专委甲", office=city.office("提案委办公室", Area.COMMITTEES, committee=0))
    city.member(committees=(0, 1))
    staff, now = city.staff(), clock.now()
    later = {"ends_at": (now + timedelta(hours=2)).isoformat()}
    meeting = {"kind": "research", "title": "调研", "starts_at": now.isoformat()} | later
    topic = {
        "title": "书屋",
        "summary": "请出主意",
        "opens_at": now.isoformat(),
        "closes_at": later["ends_at"],
    }
    for kind, path, new in (("activity", "activities", meeting), ("topic", "topics", topic)):
        for committee, status in ((0, 201), (1, 404), (None, 404)):
            host = {} if committee is None else {"committee_id": city.committees[committee]}
            thing = made(staff.post(f"/api/v1/{path}", new | host))
            if kind == "topic":  # drafts of others are not even seen
                made(staff.post(f"/api/v1/topics/{thing['id']}/publication"))
            assert post(clerk, f"{kind}:{thing['id']}").status_code == status, (kind, committee)
            assert post(staff, f"{kind}:{thing['id']}").status_code == 201
            names = staff.get(f"/api/v1/notes/colleagues?subject={kind}:{thing['id']}").json()["items"]
            assert [one["name"] for one in names] == (["专委甲"] if committee == 0 else [])


def test_only_those_who_work_on_it_may_be_called_and_they_are_listed(city, desk, app):
    about, author, staff, other = desk
    editor = city.staff(name="信息甲", office=city.office("信息科", Area.INFORMATION))
    city.staff(name="初审甲", office=city.office("提案初审科", Area.FIRST_REVIEW))
    found = staff.get(f"/api/v1/notes/colleagues?subject={about}").json()["items"]
    assert [(one["name"], one["offices"]) for one in found] == [("刘军", []), ("初审甲", ["提案初审科"])]
    blind = post(staff, about, "@信息甲 请看", mentions=[other.account_id, editor.account_id])
    assert (blind.status_code, blind.json()["code"]) == (422, "cannot_read_mention")
    assert "“@信息甲”" in blind.json()["detail"]
    stranger = City(app, city.database, name="政协柳溪县委员会").staff(name="外人")
    unknown = post(staff, about, mentions=[stranger.account_id])
    assert (unknown.json()["code"], "外人" in unknown.text) == ("unknown_mention", False)
    assert post(staff, about, mentions=[author.account_id]).status_code == 422
    assert notes(staff, about) == []


def test_the_lists_take_no_statement_for_each_note_or_colleague(city, desk, database):
    about, _, staff, other = desk
    note = post(staff, about, mentions=[other.account_id]).json()
    paths = [f"/api/v1/notes?subject={about}", f"/api/v1/notes/colleagues?subject={about}"]

    def cost():
        return [statements(database, partial(staff.get, path)) for path in paths]

    cost()
    few = cost()
    for n in range(12):
        post(city.staff(name=f"同事{n}"), about, parent_id=note["id"], mentions=[staff.account_id])
    assert (cost(), len(notes(staff, about)[0]["replies"])) == (few, 12)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_junk_is_refused_in_chinese(city, desk):
    for wrong in (
        {"subject": "proposal"},
        {"subject": "proposal:0"},
        {"subject": f"proposal:{2**63}"},
        {"body": "　"},
        {"body": "长" * 2001},
        {"mentions": [0]},
        {"mentions": list(range(1, 22))},
    ):
        answer = desk[2].post("/api/v1/notes", {"subject": desk[0], "body": "话"} | wrong)
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), wrong


def test_there_is_no_desk_for_what_is_nobodys_work(city, desk, monkeypatch):
    staff = desk[2]
    for about in ("update:1", "nothing:1", "proposal_desk:1", f"proposal:{2**63 - 1}"):
        assert post(staff, about).status_code == 404
    assert post(staff, desk[0], parent_id=1).status_code == 404
    monkeypatch.setattr("app.notes.service.MOST", 1)
    assert post(staff, desk[0]).status_code == 201
    assert post(staff, desk[0]).json()["code"] == "too_many_notes"


def test_a_retried_note_is_one(city, desk):
    about, _, staff, _ = desk
    key = {"Idempotency-Key": "a-note-of-mine"}
    first, again = (
        staff.post("/api/v1/notes", {"subject": about, "body": "一"}, headers=key) for _ in range(2)
    )
    assert first.json() == again.json()
    assert len(notes(staff, about)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ones_notes_are_in_ones_own_data_and_no_colleagues(city, desk):
    about, _, staff, other = desk
    post(staff, about, "我写的", mentions=[other.account_id])
    post(other, about, "别人写的")
    archive = ZipFile(BytesIO(staff.get("/api/v1/me/data.zip").content))
    [note] = json.loads(archive.read("数据/内部备注.json"))
    assert (note["body"], "mentions" in note) == ("我写的", False)


def test_notes_are_read_on_when_an_account_that_they_call_is_gone(city, desk):
    about, _, staff, other = desk
    note, n = post(staff, about, mentions=[other.account_id]).json(), table(InternalNote)
    with city.database.transaction() as db:
        linked = [other.account_id, 2**40]  # the second one was absorbed by another account
        db.execute(update(n).where(n.c.id == note["id"]).values(mentions=linked))
    [top] = notes(staff, about)
    assert [one["name"] for one in top["mentions"]] == ["刘军"]
    assert edit(staff, top, 1).status_code == 200
