"""Outputs are drafted, reviewed, issued with a number, commented and adopted; who is named in them hears of it."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.files import key_of
from tests.factories.findings import noted
from tests.factories.outputs import done, drafted, issued, step, undone

PAPER = "调研报告《关于老旧小区加装电梯的调研报告》"


def kinds(city, who):
    return [kind for kind, *_ in live_acts(city, who)]


def test_an_output_goes_from_the_draft_to_its_adoption(city):
    first, second, other = city.member("周岚"), city.member("吴远"), city.member()
    staff, chief = city.staff(), city.staff()
    draft = drafted(staff, first, second)
    path = f"/api/v1/outputs/{draft['id']}"
    assert (draft["state_label"], draft["number_label"], draft["may_edit"]) == ("起草中", None, True)
    assert first.get(path).status_code == 404, "authors read it once it is issued"
    done(staff, draft, "submit")
    assert news(city, chief) == [f"{PAPER}请审核"]
    back = done(chief, draft, "return", reason="请补充数据")
    assert news(city, staff) == [f"{PAPER}请修改：请补充数据"]
    out = done(chief, done(staff, back, "submit"), "issue")

    year = clock.local_day(clock.now()).year
    number = f"调研报告〔{year}〕1号"
    assert (out["state"], out["number_label"], out["may_edit"]) == ("issued", number, False)
    assert [(kind, role) for kind, role, _ in live_acts(city, first) + live_acts(city, second)] == [
        ("output.issued", "lead"), ("output.issued", "participant"),
    ]  # fmt: skip
    today = str(clock.local_day(clock.now()))
    out = done(staff, out, "comment", who="王市长", said_on=today, words="请住建局研办。")
    out = done(staff, out, "adopt_partly", who="市政府", said_on=today, reason="先行试点")
    assert (out["state_label"], out["comment_count"]) == ("部分采纳", 1)
    assert news(city, second) == [
        f"{PAPER}已印发，文号为{number}", f"{PAPER}获王市长批示", f"{PAPER}被市政府部分采纳：先行试点",
    ]  # fmt: skip
    assert kinds(city, second) == ["output.issued", "output.adopted"]
    mine = first.get(path).json()
    assert (mine["actions"], {one["name"] for one in mine["steps"]}) == ([], {None})
    assert [one["action"] for one in mine["steps"]] == ["issue", "comment", "adopt_partly"]
    assert mine["steps"][1]["words"] == "请住建局研办。"
    assert [row["id"] for row in first.get("/api/v1/outputs", params={"mine": True}).json()["items"]] == [
        out["id"]
    ]
    records = first.get(f"/api/v1/seats/{first.seat_id}/records").json()["items"]
    assert {(one["title"], one["path"]) for one in records} == {(out["title"], path)}
    assert other.get(path).status_code == 404, "neither named nor released"
    assert [first.post(f"{path}/transitions", {"action": "submit"}).status_code] == [403]
    assert differences(city) == []


def test_every_step_is_undone_with_what_it_brought(city):
    member, staff = city.member(), city.staff()
    today = str(clock.local_day(clock.now()))
    out = issued(staff, member)
    out = done(staff, out, "adopt", who="市委", said_on=today)
    out = undone(staff, out)
    assert (out["state"], kinds(city, member), void_reasons(city, member)) == (
        "issued", ["output.issued"], ["登记有误"],
    )  # fmt: skip
    assert news(city, member)[-1] == f"{PAPER}的“采纳”已撤销：登记有误"
    out = done(staff, done(staff, out, "adopt", who="市委", said_on=today), "release")
    out = done(staff, out, "revoke", reason="数据有误")
    assert (out["state"], kinds(city, member)) == ("returned", [])
    assert member.get(f"/api/v1/outputs/{out['id']}").status_code == 404
    assert news(city, member)[-1] == f"{PAPER}撤回修改：数据有误"
    out = undone(staff, out)
    assert (out["state"], kinds(city, member)) == ("adopted", ["output.issued", "output.adopted"])
    # what was written since is not taken back with it
    out = done(staff, out, "revoke", reason="数据有误")
    (undo,) = [one for one in out["actions"] if one["action"] == "undo"]
    new = {"kind": "research", "title": out["title"], "body": "改过", "seat_ids": [member.seat_id]}
    new |= {"addressees": "市委"}
    edited = staff.put(f"/api/v1/outputs/{out['id']}", new, headers={"If-Match": '"1"'}).json()
    assert "undo" not in {one["action"] for one in edited["actions"]}
    late = step(staff, edited, "undo", step_id=undo["step_id"], reason="误")
    assert (late.status_code, late.json()["code"]) == (409, "text_moved")
    other = staff.put(f"/api/v1/outputs/{out['id']}", new | {"kind": "minutes"}, headers={"If-Match": '"2"'})
    assert other.json()["code"] == "numbered"
    again = done(staff, done(staff, edited, "submit"), "issue")
    assert again["number_label"] == out["number_label"], "issued again it keeps its number"
    assert not again["released"], "a new text is not released because the old one was"
    assert step(staff, again, "undo", step_id=undo["step_id"], reason="误").json()["code"] == "step_moved"
    assert step(staff, again, "undo", step_id=undo["step_id"]).json()["code"] == "reason_required"
    assert differences(city) == []


def test_numbers_have_no_gaps_in_their_kind_and_year(city, app):
    member, staff = city.member(), city.staff()
    first = issued(staff, member)
    assert undone(staff, first)["issued_on"] is None
    second, minutes = issued(staff, member), issued(staff, member, kind="minutes")
    first = done(staff, staff.get(f"/api/v1/outputs/{first['id']}").json(), "issue")
    year = clock.local_day(clock.now()).year
    assert [one["number_label"] for one in (first, second, minutes)] == [
        f"调研报告〔{year}〕1号", f"调研报告〔{year}〕2号", f"协商纪要〔{year}〕1号",
    ]  # fmt: skip
    county = City(app, city.database, name="政协柳溪县委员会")
    clerk = county.staff()
    assert issued(clerk, county.member())["number_label"].endswith("1号")
    assert step(clerk, second, "comment").status_code == 404
    for narrowed, expected in (
        ({"kind": "minutes"}, 1),
        ({"state": "issued", "year": year}, 3),
        ({"year": 2001}, 0),
        ({"q": "电梯"}, 3),
    ):
        assert len(staff.get("/api/v1/outputs", params=narrowed).json()["items"]) == expected, narrowed


def test_who_reads_an_issued_output(city):
    member, head, other = city.member(), city.member(), city.member()
    staff, leader = city.staff(), city.staff(Role.LEADER)
    officer, elsewhere = (
        city.staff(Role.UNIT_OFFICER),
        city.staff(Role.UNIT_OFFICER, unit=city.unit("市住建局")),
    )
    body = added(staff, head=head)
    draft = drafted(staff, member, body_id=body["id"], unit_ids=[city.units[0]])
    out = done(staff, done(staff, draft, "submit"), "issue")
    path = f"/api/v1/outputs/{out['id']}"
    readers = [member, head, leader, officer, other, elsewhere]
    assert [one.get(path).status_code for one in readers] == [200, 200, 200, 200, 404, 404]
    assert news(city, head)[-1].endswith("文号为" + out["number_label"])
    assert news(city, officer) == [f"{PAPER}已送贵单位，请查收"]
    released = done(staff, out, "release")
    assert [one.get(path).status_code for one in readers] == [200, 200, 200, 200, 200, 404]
    assert "release" not in {one["action"] for one in released["actions"]}
    assert step(staff, released, "release").json()["detail"] == "这份成果件已经发布给委员。"
    done(staff, released, "withhold")
    assert other.get(path).status_code == 404
    assert len(staff.get("/api/v1/outputs", params={"body_id": body["id"]}).json()["items"]) == 1
    used = staff.delete(f"/api/v1/bodies/{body['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "body_used")


def test_nothing_typed_is_lost_and_nobody_overwrites_another(city):
    member, staff, colleague = city.member(), city.staff(), city.staff()
    key = key_of(staff, b"1", "附表.txt")
    draft = drafted(staff, member, file_keys=[key])
    path, new = f"/api/v1/outputs/{draft['id']}", {"kind": "research", "title": "新标题", "file_keys": [key]}
    edited = colleague.put(path, new, headers={"If-Match": '"1"'})
    assert (edited.status_code, [file["key"] for file in edited.json()["files"]]) == (200, [key])
    stale = staff.put(path, new, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 2)
    assert step(staff, draft, "submit").status_code == 412, "seen the text of before"
    assert [one["title"] for one in staff.get(f"{path}/versions").json()["items"]] == [
        "新标题", draft["title"],
    ]  # fmt: skip
    assert staff.get(f"{path}/versions/1").json()["body"] == draft["body"]
    assert staff.get(f"{path}/versions/9").status_code == 404
    bare = step(staff, edited.json(), "submit")
    assert (bare.status_code, [one["field"] for one in bare.json()["errors"]]) == (
        422, ["body", "seat_ids", "addressees"],
    )  # fmt: skip
    sent = done(staff, drafted(staff, member), "submit")
    assert (
        staff.put(f"/api/v1/outputs/{sent['id']}", new, headers={"If-Match": '"1"'}).json()["code"]
        == "not_editable"
    )
    gone = done(staff, draft | {"version": 2}, "discard", reason="重复")
    assert undone(staff, gone)["state"] == "draft"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seat_ids": [999]}, "unknown_seat"),
        ({"unit_ids": [999]}, "unknown_unit"),
        ({"body_id": 999}, "unknown_body"),
        ({"file_keys": ["x"]}, "file_not_usable"),
        ({"title": " "}, "invalid"),
        ({"kind": "rumour"}, "invalid"),
        ({"released": True}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_whole(city, changes, code):
    staff = city.staff()
    answer = staff.post("/api/v1/outputs", {"kind": "research", "title": "调研报告"} | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert staff.get("/api/v1/outputs").json()["items"] == []


def test_comments_and_decisions_say_by_whom_and_when(city):
    staff = city.staff()
    out, today = issued(staff, city.member()), clock.local_day(clock.now())
    tomorrow = {"who": "市委", "said_on": str(today + timedelta(days=2))}
    for action, said, fields in (
        ("adopt", {}, ["who", "said_on"]),
        ("adopt", tomorrow, ["said_on"]),
        ("comment", {"who": "市长", "said_on": str(today)}, ["words"]),
        ("release", {"who": "市长"}, ["who"]),
    ):
        answer = step(staff, out, action, **said)
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, fields)
    assert step(staff, out, "refuse", who="市委", said_on=str(today)).json()["code"] == "reason_required"
    assert step(staff, out, "submit").json()["code"] == "illegal_transition"
    earlier = str(today - timedelta(days=400))
    done(staff, out, "adopt", who="市委", said_on=earlier)
    seat = out["authors"][0]["seat_id"]
    records = staff.get(f"/api/v1/seats/{seat}/records", params={"kind": "output.adopted"}).json()["items"]
    assert [one["on"] for one in records] == [earlier], "adopted on the day of the decision"


@pytest.mark.parametrize(("area", "status"), [(Area.GENERAL, 201), (Area.PROPOSALS, 403)])
def test_offices_without_outputs_write_none(city, area, status):
    clerk = city.staff(office=city.office("科室", area))
    assert clerk.post("/api/v1/outputs", {"kind": "summary", "title": "综述"}).status_code == status


def test_outputs_are_printed_found_listed_and_lead_to_suggestions(city):
    member, other, staff = city.member("周岚"), city.member(), city.staff()
    out = issued(staff, member, copies="市住建局")
    path = f"/api/v1/outputs/{out['id']}"
    word = member.get(f"{path}/document.docx")
    text = ZipFile(BytesIO(word.content)).read("word/document.xml").decode()
    for said in (
        out["number_label"],
        "市委、市政府：",
        "二、对策建议",
        "周岚",
        "市住建局",
        clock.in_words(clock.local_day(clock.now())),
    ):
        assert said in text, said
    assert member.get(f"{path}/document.pdf").content[:4] == b"%PDF"
    assert other.get(f"{path}/document.pdf").status_code == 404
    draft = drafted(staff, member)
    unnumbered = staff.get(f"/api/v1/outputs/{draft['id']}/document.docx")
    assert "（调研报告　起草中）" in ZipFile(BytesIO(unnumbered.content)).read("word/document.xml").decode()
    hits = member.get("/api/v1/find", params={"q": "加装电梯"}).json()["items"]
    assert [(one["kind"], one["sub_label"]) for one in hits] == [
        ("output", f"{out['number_label']} · 已印发")
    ]
    sheet = staff.get("/api/v1/exports/outputs.xlsx", params={"kind": "research"})
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    said = noted(city, staff, member, source="output", subject_id=out["id"])
    assert (said["source_label"], said["source_title"], said["source_path"]) == ("成果件", out["title"], path)
    listed = staff.get("/api/v1/findings", params={"output_id": out["id"]}).json()["items"]
    assert [one["id"] for one in listed] == [said["id"]]


def test_what_waits_for_review_stands_at_the_desk(city):
    staff, member = city.staff(), city.member()
    drafted(staff, member)
    out = done(staff, drafted(staff, member), "submit")

    def waiting():
        (queue,) = [q for q in staff.get("/api/v1/desks").json()["items"] if q["key"] == "outputs_to_review"]
        assert len(staff.get(queue["path"]).json()["items"]) == queue["count"]
        return queue["count"]

    assert waiting() == 1
    done(staff, out, "withdraw")
    assert waiting() == 0
