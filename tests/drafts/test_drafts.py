"""Drafts on the server: every phone of their author has them, nobody else, and no save loses another one."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.auth.models import LoginSession
from app.auth.permissions import Role
from app.core.sql import table
from tests.factories.city import City
from tests.factories.statements import statements

_s = table(LoginSession)


def text(body="建议先试点", **more):
    said = {
        "text_id": str(uuid4()),
        "title": f"回复：{body}"[:120],
        "path": "/topics/12",
        "words": {"body": body},
    }
    return said | more


def save(who, draft, version=0, name="reply/12"):
    return who.http.put(f"/api/v1/drafts/{name}", json=draft, headers={"If-Match": f'"{version}"'})


def listed(who):
    return who.get("/api/v1/drafts").json()["items"]


def second_phone(city, who):
    return city.log_in(type(who)(who.account_id, who.name, who.phone, city.anonymous(), seat_id=who.seat_id))


def test_a_draft_is_on_the_other_phone_with_its_words_and_its_device(city):
    who = city.member()
    saved = save(who, text(pictures=2))
    assert saved.status_code == 200, saved.text
    other = second_phone(city, who)

    [row] = listed(other)
    assert (row["kind"], row["key"], row["title"], row["path"]) == (
        "reply",
        "12",
        "回复：建议先试点",
        "/topics/12",
    )
    assert (row["version"], row["pictures"]) == (1, 2)
    assert "words" not in row
    assert other.get("/api/v1/drafts/reply/12").json()["words"] == {"body": "建议先试点"}


@pytest.mark.parametrize("kind", ["proposals", "opinions"])
def test_proposals_and_reports_name_the_device_that_saved_last(city, kind):
    who = city.member()
    text = {"title": "关于垃圾分类"} | ({"body": "正文"} if kind == "opinions" else {"kind": "individual"})
    with city.database.transaction() as db:
        db.execute(update(_s).where(_s.c.id == who.session_id).values(device="tablet"))
    assert who.post(f"/api/v1/{kind}", text).status_code == 201
    assert [row["device"] for row in listed(who)] == ["tablet"]


def test_the_device_is_the_one_that_saved_last(city):
    who, draft = city.member(), text()
    tablet = second_phone(city, who)
    with city.database.transaction() as db:
        for phone, device in ((who, "phone"), (tablet, "tablet")):
            db.execute(update(_s).where(_s.c.id == phone.session_id).values(device=device))
    assert save(who, draft).json()["device"] == "phone"
    save(tablet, draft | {"words": {"body": "改了"}}, 1)
    assert [row["device"] for row in listed(who)] == ["tablet"]


def test_of_two_phones_the_later_one_gets_both_texts(city):
    who = city.member()
    draft = text()
    save(who, draft)
    other = second_phone(city, who)
    assert save(other, draft | {"words": {"body": "建议先试点，再推广"}}, 1).json()["version"] == 2

    late = save(who, draft | {"words": {"body": "建议不试点"}}, 1)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert late.json()["current"]["words"] == {"body": "建议先试点，再推广"}
    assert late.json()["current"]["version"] == 2
    assert save(who, draft | {"words": {"body": "建议不试点"}}, 2).json()["version"] == 3


def test_two_new_texts_under_one_name_are_a_conflict_and_neither_is_lost(city):
    who = city.member()
    save(who, text("第一条"), name="update/new")
    late = save(who, text("第二条"), name="update/new")
    assert late.status_code == 412
    assert late.json()["current"]["words"] == {"body": "第一条"}


def test_a_repeated_save_changes_nothing(city):
    who, draft = city.member(), text()
    first = save(who, draft).json()
    again = save(who, draft)
    assert (again.status_code, again.json()) == (200, first)


def test_a_sent_text_is_gone_and_a_late_save_does_not_bring_it_back(city):
    who, draft = city.member(), text()
    save(who, draft)
    assert who.delete(f"/api/v1/drafts/reply/12?text_id={draft['text_id']}").status_code == 204
    late = save(who, draft | {"words": {"body": "又多了几个字"}}, 1)
    assert (late.status_code, late.json()["current"]) == (412, None)
    assert listed(who) == []
    assert who.delete("/api/v1/drafts/reply/12").status_code == 204


def test_what_was_sent_does_not_take_the_next_text_along(city):
    who, sent, following = city.member(), text("第一条"), text("第二条")
    save(who, sent)
    save(who, following, 1)
    assert who.delete(f"/api/v1/drafts/reply/12?text_id={sent['text_id']}").status_code == 204
    assert [row["title"] for row in listed(who)] == ["回复：第二条"]


def test_nobody_else_sees_a_draft_staff_neither(city):
    who, colleague = city.member(), city.member()
    save(who, text("只给自己看的话"))
    others = [colleague, *(city.staff(role) for role in Role if role != Role.MEMBER)]
    for other in others:
        assert listed(other) == []
        assert other.get("/api/v1/drafts/reply/12").status_code == 404
        assert other.delete("/api/v1/drafts/reply/12").status_code == 204
    assert len(listed(who)) == 1
    clerk = city.staff()
    for path in (
        "/api/v1/updates",
        "/api/v1/proposals?scope=filed",
        "/api/v1/opinions?scope=desk",
        "/api/v1/library/documents?q=只给自己看的话",
        f"/api/v1/seats/{who.seat_id}/records",
        "/api/v1/leaderboard",
    ):
        answer = clerk.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert "只给自己看" not in answer.text


def test_the_same_account_of_another_city_has_its_own(city, app, database):
    save(city.member(), text())
    county = City(app, database, name="政协柳溪县委员会")
    assert listed(county.member()) == []


def test_proposals_and_reports_that_are_drafts_stand_in_the_list(city):
    who = city.member()
    proposal = who.post("/api/v1/proposals", {"title": "关于托育"}).json()
    report = who.post("/api/v1/opinions", {"title": "充电难", "body": "三个社区"}).json()
    sent = who.post("/api/v1/opinions", {"title": "已报送", "body": "三个社区"}).json()
    assert who.post(f"/api/v1/opinions/{sent['id']}/transitions", {"action": "submit"}).status_code == 200
    save(who, text())
    assert [(row["kind"], row["key"], row["title"]) for row in listed(who)] == [
        ("reply", "12", "回复：建议先试点"),
        ("opinion", str(report["id"]), "充电难"),
        ("proposal", str(proposal["id"]), "关于托育"),
    ]
    assert listed(city.member()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"words": {"body": "含有\0的字"}},
        {"words": {"含有\0的名": ""}},
        {"title": "标\0题"},
        {"title": "长" * 121},
        {"path": "https://example.org/"},
        {"path": "//example.org/"},
        {"path": "/\\example.org/"},
        {"text_id": "x"},
        {"pictures": -1},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(city, change):
    refused = save(city.member(), text(**change))
    assert refused.status_code == 422
    assert refused.json()["errors"]


@pytest.mark.parametrize("raw", [r'"\ud83d"', r'["\udc00"]', "NaN", "[Infinity]", "[" * 300 + "]" * 300])
def test_strange_json_is_refused_and_no_fault(city, raw):
    who = city.member()
    body = json.dumps(text(words={"body": "@"})).replace('"@"', raw)
    headers = {"If-Match": '"0"', "Content-Type": "application/json"}
    answer = who.http.put("/api/v1/drafts/reply/12", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text


def test_emoji_and_rare_characters_and_what_a_post_would_refuse_are_kept(city):
    who, body = city.member(), "一家👨\u200d👩\u200d👧 𠮷\u2028零\u200b宽"
    assert save(who, text(words={"body": body, "to": None, "n": 1.5})).status_code == 200
    assert who.get("/api/v1/drafts/reply/12").json()["words"] == {"body": body, "to": None, "n": 1.5}


def test_a_draft_is_bounded_in_size_and_number_and_none_is_dropped(city, monkeypatch):
    who = city.member()
    huge = save(who, text(words={"body": "长" * 70_000}))
    assert (huge.status_code, huge.json()["code"]) == (413, "draft_too_large")
    assert save(who, text(words={"body": "长" * 20_000, "more": "长" * 40_000})).status_code == 200

    monkeypatch.setattr("app.drafts.service.MOST", 3)
    for key in (1, 2):
        save(who, text(), name=f"reply/{key}")
    full = save(who, text(), name="reply/3")
    assert (full.status_code, full.json()["code"]) == (409, "too_many_drafts")
    assert len(listed(who)) == 3
    assert save(who, text("改一改"), 1, name="reply/1").status_code == 200
    who.delete("/api/v1/drafts/reply/2")
    assert save(who, text(), name="reply/3").status_code == 200


def test_the_list_takes_no_statement_for_each_draft(city, database):
    who = city.member()
    save(who, text())
    listed(who)
    one = statements(database, lambda: listed(who))
    for key in range(30):
        save(who, text(), name=f"reply/{key + 100}")
    assert len(listed(who)) == 31
    assert statements(database, lambda: listed(who)) == one


def test_a_save_needs_the_version_it_began_from(city):
    answer = city.member().http.put("/api/v1/drafts/reply/12", json=text())
    assert (answer.status_code, answer.json()["code"]) == (422, "if_match_required")


def test_junk_is_refused_before_it_is_kept(city):
    who = city.member()
    assert save(who, text(), version=2**63 - 1).status_code == 422
    deep: object = "词"
    for _ in range(240):
        deep = [deep]
    assert save(who, text(words={"body": deep})).status_code == 422
    assert listed(who) == []
