"""A call is opened, speeches are handed in, chosen, put in order, printed and delivered; each step can be undone."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.plenary.speeches import (
    CALLS,
    SPEECHES,
    call_step,
    done,
    in_days,
    match,
    opened,
    put_in_order,
    saved,
    step,
    submitted,
)


def actions(who, speech):
    return [one["action"] for one in who.get(f"{SPEECHES}/{speech['id']}").json()["actions"]]


def titles(who, call, **more):
    found = who.get(SPEECHES, params={"call_id": call["id"], **more}).json()["items"]
    return [one["title"] for one in found]


def kinds(city, who):
    return [act[0] for act in live_acts(city, who)]


def test_a_speech_is_handed_in_chosen_and_delivered(city):
    member, other, staff = city.member("周岚"), city.member(), city.staff()
    assert member.post(CALLS, {"name": "x", "body": "y", "closes_on": in_days(1)}).status_code == 403
    call = opened(staff)
    assert news(city, member)[0].startswith("“六届六次会议大会发言”开始征集，请于")
    speech = submitted(member, call)
    assert (speech["state_label"], speech["wishes_label"], speech["author"]) == ("待遴选", "口头发言", "周岚")
    assert kinds(city, member) == ["speech.submitted"]
    assert news(city, staff)[-1] == "周岚提交大会发言《以职业教育服务转型》，请遴选"
    path = f"{SPEECHES}/{speech['id']}"
    assert [who.get(path).status_code for who in (other, staff)] == [404, 200]
    assert (actions(member, speech), actions(staff, speech)) == (
        ["withdraw"],
        ["oral", "written", "return", "decline"],
    )
    assert step(member, speech, "oral").status_code == 403
    assert step(staff, speech, "withdraw").status_code == 403
    assert step(staff, speech, "return").json()["code"] == "reason_required"

    back = done(staff, speech, "return", reason="请补充数据")
    (queue,) = [q for q in member.get("/api/v1/desks").json()["items"] if q["count"]]
    assert (queue["key"], len(member.get(queue["path"]).json()["items"])) == ("speeches_to_revise", 1)
    better = saved(member, back, "建议三条，附数据。").json()
    assert saved(member, back, "旧稿").status_code == 412
    again = done(member, better, "resubmit")
    assert saved(other, again, "别人改").status_code == 404
    edited = saved(staff, again, "建议三条，附上数据。").json()
    assert news(city, member)[-1] == "您提交的《以职业教育服务转型》有文字修改，请您查看"
    texts = member.get(f"{path}/versions").json()["items"]
    assert [(one["body"], one["by_author"]) for one in texts] == [
        ("建议三条，附上数据。", False),
        ("建议三条，附数据。", True),
        ("建议三条。", True),
    ]
    oral = done(staff, edited, "oral")
    assert (oral["place"], member.get(path).json()["state"]) == (1, "oral")
    assert saved(member, oral, "想再改").status_code == 409
    assert other.get(path).status_code == 404, "not published"
    assert call_step(staff, call, "publish").status_code == 409, "still open"
    assert [call_step(staff, call, action).status_code for action in ("close", "publish")] == [200, 200]
    seen = other.get(path).json()
    assert (seen["body"], seen["steps"], seen["actions"]) == ("建议三条，附上数据。", [], [])
    assert other.get(f"{path}/versions").status_code == 404
    assert saved(other, seen, "别人改").status_code == 403
    made = done(staff, oral, "deliver")
    assert (made["state_label"], kinds(city, member)) == ("已发言", ["speech.submitted", "speech.delivered"])
    track = member.get(path).json()["steps"]
    assert [(one["action"], one["name"]) for one in track] == [
        (action, None) for action in ("return", "resubmit", "oral", "deliver")
    ]
    assert staff.get(path).json()["steps"][1]["name"] == "周岚"
    (hit,) = [h for h in other.get("/api/v1/find?q=职业教育").json()["items"] if h["kind"] == "speech"]
    assert hit["sub_label"] == "已发言"
    assert differences(city) == []


def test_every_step_of_a_speech_can_be_undone(city):
    member, staff = city.member(), city.staff()
    call = opened(staff)
    first = submitted(member, call)
    withdrawn = done(member, first, "withdraw")
    assert (kinds(city, member), void_reasons(city, member)) == ([], ["本人撤回"])
    assert staff.get(f"{SPEECHES}/{first['id']}").status_code == 404, "withdrawn: the author's alone"
    speech = done(member, withdrawn, "resubmit")
    for action, more in (
        ("oral", {}),
        ("written", {}),
        ("return", {"reason": "改"}),
        ("decline", {"reason": "重"}),
    ):
        speech = done(staff, done(staff, speech, action, **more), "undo")
        kept = ("state", "place", "delivered_on")
        assert [speech[name] for name in kept] == [first[name] for name in kept], action
        assert kinds(city, member) == ["speech.submitted"], action
    oral = done(staff, speech, "oral")
    assert step(staff, oral, "deliver", delivered_on=in_days(1)).json()["code"] == "bad_delivered_on"
    assert step(staff, oral, "undo", delivered_on=in_days(0)).json()["code"] == "extra_forbidden"
    back = done(staff, done(staff, oral, "deliver", delivered_on=in_days(0)), "undo")
    assert [back[name] for name in kept] == [oral[name] for name in kept]
    assert step(member, back, "withdraw").status_code == 409
    assert step(staff, {**back, "version": 1}, "undo").status_code == 412
    assert differences(city) == []


def test_a_written_speech_counts_when_it_is_chosen(city):
    member, staff = city.member(), city.staff()
    written = done(staff, submitted(member, opened(staff), wishes="written"), "written")
    assert kinds(city, member) == ["speech.submitted", "speech.delivered"]
    assert step(staff, written, "deliver").status_code == 409
    assert differences(city) == []


def test_a_card_names_a_speech_once_the_results_are_published(city):
    member, other, staff = city.member(), city.member(), city.staff()
    call = opened(staff)
    written = done(staff, submitted(member, call, wishes="written"), "written")

    def named() -> list[str]:
        path = f"/api/v1/cards/{member.seat_id}/{clock.local_day(clock.now()).year}"
        sections = other.get(path).json()["sections"]
        return [item["title"] for one in sections if one["kind"] == "honors" for item in one["items"]]

    assert named() == []
    assert [call_step(staff, call, action).status_code for action in ("close", "publish")] == [200, 200]
    assert named() == [f"《{written['title']}》"]


def test_the_order_is_whole_and_races_lose_nothing(city):
    staff, members = city.staff(), [city.member() for _ in "abcd"]
    call = opened(staff)
    a, b, c, d = (
        submitted(who, call, title=f"发言{name}") for who, name in zip(members, "甲乙丙丁", strict=True)
    )
    a, b, c = (done(staff, one, "oral") for one in (a, b, c))
    seen = staff.get(f"{CALLS}/{call['id']}").json()
    assert put_in_order(staff, call, c, a, b).status_code == 412, "the choices moved the version"
    assert put_in_order(members[0], seen, c, a, b).status_code == 403
    for wrong in ((c, a), (c, a, b, b), (c, a, d)):
        assert put_in_order(staff, seen, *wrong).json()["code"] == "not_the_whole_order"
    assert put_in_order(staff, seen, c, a, b).status_code == 200
    assert put_in_order(staff, seen, a, b, c).status_code == 412, "somebody was first"
    assert titles(staff, call) == ["发言丙", "发言甲", "发言乙", "发言丁"]
    moved = staff.get(f"{CALLS}/{call['id']}").json()
    done(staff, d, "oral")
    assert put_in_order(staff, moved, c, a, b).status_code == 412
    assert titles(staff, call)[-1] == "发言丁"
    done(staff, submitted(members[0], opened(staff, name="下一次会议"), title="下次的"), "oral")
    pages, cursor = [], None
    while True:
        found = staff.get(SPEECHES, params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        pages += [one["title"] for one in found["items"]]
        if not (cursor := found["next"]):
            break
    assert pages == ["下次的", *titles(staff, call)], "the newest call first, each in its order"


def test_the_book_has_contents_oral_ones_in_order_then_written_ones(city):
    staff, member = city.staff(), city.member("周岚")
    call = opened(staff)
    written = done(staff, submitted(member, call, title="书面的"), "written")
    first, second = (
        done(staff, submitted(member, call, title=title), "oral") for title in ("先说的", "后说的")
    )
    done(staff, submitted(member, call, title="没选的"), "decline", reason="重复")
    call = staff.get(f"{CALLS}/{call['id']}").json()
    assert put_in_order(staff, call, second, first).status_code == 200
    path = f"/api/v1/speech-calls/{call['id']}/book"
    assert member.get(f"{path}.docx").status_code == 403
    word = staff.get(f"{path}.docx").content
    text = ZipFile(BytesIO(word)).read("word/document.xml").decode()
    places = [text.index(one) for one in ("目录", "后说的", "先说的", written["title"])]
    assert (places, text.count("没选的"), text.count('w:val="chapter"')) == (sorted(places), 0, 3)
    assert staff.get(f"{path}.pdf").content[:4] == b"%PDF"
    log = city.staff(Role.AUDITOR).get("/api/v1/audit?action=speech_book.exported").json()["items"]
    assert len(log) == 2


def test_a_call_is_extended_closed_and_withdrawn(city):
    staff, member = city.staff(), city.member()
    call = opened(staff)
    path = f"{CALLS}/{call['id']}"
    text = {"name": call["name"], "body": "改过", "closes_on": in_days(20), "most_characters": 100}
    assert staff.put(path, text | {"closes_on": in_days(-1)}, headers=match(call)).json()["code"] == (
        "bad_closes_on"
    )
    edited = staff.put(path, text, headers=match(call)).json()
    assert (edited["body"], staff.put(path, text, headers=match(call)).status_code) == ("改过", 412)
    assert "的截止日期改为" in news(city, member)[-1]
    long = {"call_id": call["id"], "title": "长", "body": "长" * 101, "wishes": "oral"}
    assert member.post(SPEECHES, long).json()["code"] == "too_long"
    assert [call_step(staff, call, a).status_code for a in ("withdraw", "restore")] == [200, 200]
    assert call_step(staff, call, "withdraw").status_code == 200
    assert (member.get(path).status_code, staff.get(path).status_code) == (404, 200)
    assert member.post(SPEECHES, long | {"body": "短"}).json()["code"] == "unknown_call"
    assert call_step(staff, call, "restore").status_code == 200
    speech = submitted(member, call)
    assert call_step(staff, call, "withdraw").json()["code"] == "has_speeches"
    assert call_step(staff, call, "close").status_code == 200
    assert member.post(SPEECHES, long | {"body": "短"}).json()["code"] == "call_closed"
    assert saved(member, speech, "想改").status_code == 409
    back = done(staff, speech, "return", reason="请改")
    assert done(member, saved(member, back, "改好").json(), "resubmit")["state"] == "submitted"
    for action in ("publish", "undo", "reopen"):
        assert call_step(staff, call, action).status_code == 200
    assert [one["id"] for one in member.get(CALLS, params={"state": "open"}).json()["items"]] == [call["id"]]


def test_a_body_speaks_through_its_head_and_spokespersons(city):
    staff, head, speaker, member = city.staff(), city.member("会长"), city.member(), city.member()
    body = added(staff, head=head, speakers=[speaker])
    call = opened(staff)
    new = {"call_id": call["id"], "title": "题", "body": "文", "wishes": "oral", "body_id": body["id"]}
    assert member.post(SPEECHES, new).json()["code"] == "not_a_speaker"
    speech = submitted(speaker, call, body_id=body["id"])
    assert (speech["body_name"], speech["author"]) == ("民盟云川市委员会", speech["author"])
    assert [who.get(f"{SPEECHES}/{speech['id']}").status_code for who in (head, member)] == [200, 404]
    assert done(head, speech, "withdraw")["state"] == "withdrawn"
    assert news(city, speaker)[-1] == "您提交的《以职业教育服务转型》由参加单位撤回"


@pytest.mark.parametrize(
    "changes", [{"title": " "}, {"body": ""}, {"wishes": "sung"}, {"call_id": 0}, {"extra": 1}]
)
def test_what_does_not_fit_is_refused(city, changes):
    member, call = city.member(), opened(city.staff())
    new = {"call_id": call["id"], "title": "题", "body": "文", "wishes": "oral"}
    assert member.post(SPEECHES, new | changes).status_code == 422
    assert member.get(SPEECHES).json()["items"] == []


def test_other_cities_and_offices_keep_to_what_is_theirs(city, app):
    staff, member = city.staff(), city.member()
    call = opened(staff)
    speech = submitted(member, call)
    county = City(app, city.database, name="政协柳溪县委员会")
    stranger, elsewhere = county.staff(), county.member()
    assert step(stranger, speech, "oral").status_code == 404
    path = f"{CALLS}/{call['id']}"
    assert stranger.post(f"{path}/transitions", {"action": "close"}, headers=match(call)).status_code == 404
    assert stranger.get(f"{path}/book.docx").status_code == 404
    assert put_in_order(stranger, call).status_code == 404
    new = {"call_id": call["id"], "title": "题", "body": "文", "wishes": "oral"}
    assert elsewhere.post(SPEECHES, new).json()["code"] == "unknown_call"
    general = city.staff(office=city.office("办公室", Area.GENERAL))
    proposals = city.staff(office=city.office("提案科", Area.PROPOSALS))
    assert [who.get(f"{SPEECHES}/{speech['id']}").status_code for who in (general, proposals)] == [200, 404]
    assert city.staff(Role.UNIT_OFFICER).get(SPEECHES).status_code == 403
