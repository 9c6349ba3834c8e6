"""The text in the hands of the editors: its author sees it once it comes out."""

from sqlalchemy import select

from app.core.sql import table
from app.opinions.models import OpinionReport
from tests.factories.domains.ledger import news
from tests.factories.domains.opinions import TEXT, done, drafted, run, steps, submitted

EDITED = {"title": "充电设施缺口亟待补上", "body": "三个社区一千二百辆车，二十个桩。"}


def edited(staff, report_id, version, **text):
    saved = staff.put(f"/api/v1/opinions/{report_id}", EDITED | text, headers={"If-Match": f'"{version}"'})
    assert saved.status_code == 200, saved.text
    return saved.json()


def numbers(who, report_id) -> list[int]:
    return [v["version"] for v in who.get(f"/api/v1/opinions/{report_id}/versions").json()["items"]]


def test_what_staff_write_comes_to_the_author_when_it_is_issued(city):
    author, staff, leader = city.member(), city.staff(name="机关甲"), city.staff("leader")
    report_id = drafted(author, body="初稿。")
    path = f"/api/v1/opinions/{report_id}"
    author.put(path, TEXT, headers={"If-Match": '"1"'})
    done(author, report_id, "submit")
    done(staff, report_id, "start_editing")
    assert edited(staff, report_id, 2)["version"] == 3
    assert edited(staff, report_id, 3, body="再改。")["version"] == 4

    mine = author.get(path).json()
    assert (mine["title"], mine["body"], mine["version"]) == (TEXT["title"], TEXT["body"], 2)
    assert author.get("/api/v1/opinions").json()["items"][0]["title"] == TEXT["title"]
    assert numbers(author, report_id) == [2, 1]
    assert author.get(f"{path}/versions/3").status_code == 404
    assert numbers(staff, report_id) == [4, 3, 2]
    assert staff.get(f"{path}/versions/1").status_code == 404
    theirs = staff.get(path).json()
    assert (theirs["title"], theirs["body"], theirs["version"]) == (EDITED["title"], "再改。", 4)
    desk = staff.get("/api/v1/opinions?scope=desk&q=亟待").json()["items"]
    assert [row["title"] for row in desk] == [EDITED["title"]]

    done(staff, report_id, "issue", tier="city")
    out = author.get(path).json()
    assert (out["title"], out["body"], out["version"]) == (EDITED["title"], "再改。", 4)
    assert numbers(author, report_id) == [4, 3, 2, 1]
    assert leader.get(path).json()["body"] == "再改。"
    assert leader.get(f"{path}/versions").status_code == 404
    assert news(city, author)[-1] == f"信息《{EDITED['title']}》已由市级签发"


def test_a_returned_text_is_the_one_that_was_edited(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    done(staff, report_id, "start_editing")
    edited(staff, report_id, 1)
    done(staff, report_id, "return", reason="请补充数字。")
    path = f"/api/v1/opinions/{report_id}"
    assert author.get(path).json()["version"] == 2
    assert author.get(path).json()["body"] == EDITED["body"]
    assert author.put(path, EDITED | {"body": "补充了。"}, headers={"If-Match": '"2"'}).json()["version"] == 3
    done(author, report_id, "submit")
    assert staff.get(path).json()["body"] == "补充了。"


def test_of_two_editors_the_later_one_gets_both_texts(city):
    author, one, two = city.member(), city.staff(), city.staff()
    report_id = submitted(author)
    done(one, report_id, "start_editing")
    edited(one, report_id, 1, body="甲改的。")
    path = f"/api/v1/opinions/{report_id}"
    late = two.put(path, EDITED | {"body": "乙改的。"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (late.json()["current"]["version"], late.json()["current"]["body"]) == (2, "甲改的。")
    assert edited(two, report_id, 1, body="甲改的。")["version"] == 2, "what is there already is no conflict"


def test_a_report_that_is_not_used_is_kept_and_its_author_learns_why(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    assert run(staff, report_id, "shelve").json()["code"] == "reason_required"
    assert done(staff, report_id, "shelve", reason="与上月一期重复。")["state"] == "shelved"
    assert author.get(f"/api/v1/opinions/{report_id}").json()["state_reason"] == "与上月一期重复。"
    assert news(city, author) == [f"信息《{TEXT['title']}》留存备查：与上月一期重复。"]
    assert staff.get("/api/v1/opinions?scope=desk").json()["items"] == []
    shelf = staff.get("/api/v1/opinions?scope=desk&state=shelved").json()["items"]
    assert [row["id"] for row in shelf] == [report_id]
    late = run(author, report_id, "withdraw")
    assert (late.status_code, late.json()["state"]) == (409, "shelved")
    assert done(staff, report_id, "start_editing")["state"] == "editing"


def test_an_empty_text_is_not_issued(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    done(staff, report_id, "start_editing")
    edited(staff, report_id, 1, title="", body="")
    refused = run(staff, report_id, "issue", tier="city")
    assert refused.json()["code"] == "incomplete"
    assert [s["action"] for s in steps(author, report_id)] == ["submit", "start_editing"]


def test_nothing_that_is_edited_stands_where_others_read_it(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    done(staff, report_id, "start_editing")
    edited(staff, report_id, 1)
    r = table(OpinionReport)
    with city.database.read.connect() as conn:
        assert conn.execute(select(r.c.title, r.c.body)).one() == (TEXT["title"], TEXT["body"])
    records = author.get(f"/api/v1/seats/{author.seat_id}/records").json()["items"]
    assert [record["title"] for record in records] == [TEXT["title"]]
