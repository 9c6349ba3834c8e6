"""A citizen's matter, from the door of a venue to what the public reads of it."""

from datetime import timedelta

from sqlalchemy import update

from app import worker
from app.auth.permissions import Role
from app.consultations.matters.models import Matter
from app.core import clock
from app.core.sql import table
from tests.factories import findings
from tests.factories.consultations.matters import (
    consultation,
    done,
    handed_in,
    put,
    venue,
)
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.lineage import begun, chain, file
from tests.factories.domains.proposals import opened_window
from tests.support.client import Client

PUBLIC = "/api/v1/public/matters"
NAME, CONTACT = "王大爷", "13912345678"


def one(who, matter):
    return who.get(f"/api/v1/matters/{matter['id']}")


def actions(who, matter):
    return [found["action"] for found in one(who, matter).json()["actions"]]


def status(app, code):
    return Client(app).post(f"{PUBLIC}/status", json={"code": code}).json()


def agreed(city, staff, officer, matter, *, author):
    """Three suggestions of a matter: two are answered, one has a member as its author."""
    about = {"source": "matter", "subject_id": matter["id"]}
    for body in ("简化审批。", "统一招标。"):
        found = findings.done(staff, findings.noted(city, staff, body=body, **about), "send")
        assert found["due_on"] > str(clock.local_day(clock.now()))
        findings.done(staff, findings.done(officer, found, "answer", fate="adopted"), "release")
    findings.noted(city, staff, author, body="加强宣传。", **about)


def shown_in_public(app, here, matter, words):
    """The words that were written for the public, in the list of the venue and on its page."""
    shown = Client(app).get(PUBLIC, params={"venue_code": here["code"]})
    assert shown.headers["cache-control"] == "public, max-age=300"
    (read,) = shown.json()["items"]
    assert read == words | {
        "id": matter["id"],
        "venue": here["name"],
        "solved": True,
        "released_at": matter["released_at"],
    }
    kept = {"If-None-Match": shown.headers["etag"]}
    assert Client(app).get(PUBLIC, params={"venue_code": here["code"]}, headers=kept).status_code == 304
    page = Client(app).get(f"/v/{here['code']}").text
    assert ("幸福账单" in page, "三部电梯建成。" in page, "问题清单" in page, "王大爷" in page) == (
        True,
        True,
        False,
        False,
    )


def erased_in_time(city, config, staff, matter):
    """Staff read whom to ask, which is audited, until its days are over."""
    path = f"/api/v1/matters/{matter['id']}/contact"
    assert staff.get(path).json() == {"name": NAME, "contact": CONTACT}
    log = city.staff(Role.AUDITOR).get("/api/v1/audit?action=matter.contact_seen").json()["items"]
    assert [entry["account_id"] for entry in log] == [staff.account_id]
    worker.clean(city.database, config)
    assert staff.get(path).json()["name"] == NAME, "not yet"
    m = table(Matter)
    with city.database.transaction() as db:
        db.execute(update(m).values(ended_at=clock.now() - timedelta(days=181)))
    worker.clean(city.database, config)
    assert staff.get(path).json() == {"name": None, "contact": None}


def test_a_citizens_matter_is_met_on_leads_to_a_proposal_and_is_solved_in_public(city, app, config):
    staff, convener, member = city.staff(), city.member("李主任"), city.member("周岚")
    officer, other = city.staff(Role.UNIT_OFFICER), city.member()
    here = venue(staff, convener_id=convener.account_id)
    code = handed_in(Client(app), venue_code=here["code"], name=NAME, contact=CONTACT)
    assert news(city, convener) == ["群众：“老旧小区加装电梯”，请研究受理"]
    assert [q["key"] for q in convener.get("/api/v1/desks").json()["items"] if q["count"]] == [
        "matters_convened"
    ]
    (matter,) = convener.get("/api/v1/matters?convened=true").json()["items"]
    assert (matter["brought_by"], matter["venue"], matter["level_label"]) == (
        "群众",
        here["name"],
        "村（社区）",
    )
    assert one(member, matter).status_code == 404

    # the convener screens it, the meeting gets ready, a member goes and sees
    for action in ("accept", "choose"):
        matter = done(convener, matter, action)
    activity_id = consultation(staff, member)
    matter = put(staff, matter, "meeting", {"activity_id": activity_id}).json()
    assert [one(who, matter).status_code for who in (member, other)] == [200, 404]
    note = {"kind": "visit", "body": "看了三栋楼，走访二十户。"}
    noted = member.post(f"/api/v1/matters/{matter['id']}/notes", note)
    assert (noted.status_code, noted.json()["notes"][0]["author"]) == (201, "周岚")
    assert [act[0] for act in live_acts(city, member)] == ["matter.prepared"]
    matter = done(convener, done(convener, matter, "prepare"), "meet")
    assert (matter["state_label"], matter["activity"]) == ("已协商", "加装电梯协商会")

    # what was agreed goes to units, which answer by a day
    agreed(city, staff, officer, matter, author=member)
    answered = one(convener, matter).json()["findings"]
    assert [(f["state_label"], f["fate_label"]) for f in answered] == [
        ("已反馈", "采纳"),
        ("已反馈", "采纳"),
        ("待交办", None),
    ]
    assert len(one(member, matter).json()["findings"]) == 2, "others read what is answered"
    matter = done(convener, matter, "follow")

    # one proposal comes of it
    opened_window(staff)
    proposal = begun(member, ("matter", matter["id"]), "proposal")
    file(member, staff, proposal)
    assert [node[:2] for node in chain(member, "proposal", proposal)] == [
        ("协商议题", "群众"),
        ("提案", "周岚"),
    ]

    # it is solved, and the public reads what was written for it
    matter = done(convener, matter, "solve", result="三部电梯建成。王大爷家也通了。")
    assert (status(app, code)["state_label"], status(app, code)["release"]) == ("已解决", None)
    assert Client(app).get(f"{PUBLIC}/{matter['id']}").status_code == 404
    words = {"title": "滨江小区电梯", "problem": "三栋楼没有电梯。", "result": "三部电梯建成。"}
    matter = put(convener, matter, "release", words).json()
    shown_in_public(app, here, matter, words)
    assert status(app, code)["release"] == words

    # the citizen judges, it is closed, and in time nobody knows any more who it was
    said = {"code": code, "judgement": "satisfied"}
    judged, again = (Client(app).post(f"{PUBLIC}/judgement", json=said) for _ in range(2))
    assert (again.status_code, again.json()) == (200, judged.json()), "the answer was lost"
    other = Client(app).post(f"{PUBLIC}/judgement", json=said | {"judgement": "mostly"})
    assert other.status_code == 409
    assert (judged.status_code, judged.json()["state_label"]) == (200, "已评价")
    assert news(city, convener)[-1] == "对议题“老旧小区加装电梯”的结果，评价为满意"
    matter = one(convener, matter).json()
    assert "undo" not in actions(convener, matter), "nobody takes back what the citizen said"
    matter = done(convener, matter, "close")
    assert CONTACT not in one(staff, matter).text
    assert [who.get(f"/api/v1/matters/{matter['id']}/contact").status_code for who in (convener, member)] == [
        403,
        403,
    ]
    erased_in_time(city, config, staff, matter)
    assert status(app, code)["release"] == words
    assert differences(city) == []
