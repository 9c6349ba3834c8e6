"""A city in which something waits in every queue."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from app.activities.models import Activity
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.deliberation.models import Topic
from app.proposals.assignments.models import ProposalDeadline
from tests.factories import cases, findings, outputs
from tests.factories.city import City, Who
from tests.factories.consultations import matters
from tests.factories.domains import archive, opinions
from tests.factories.domains.bodies import added
from tests.factories.domains.handling import assigned, handling, in_days, replied, talked, work, worked, wrote
from tests.factories.domains.proposals import done, drafted, filed, opened_window
from tests.factories.everything import made
from tests.factories.plenary import speeches


@dataclass
class BusyCity:
    """Its people, and its proposals by what waits."""

    clerk: Who
    leader: Who
    officer: Who
    author: Who
    head: Who
    friend: Who
    proposals: dict[str, int]


def busy(city: City) -> BusyCity:
    """At least one entry in each queue, and beside each something that does not wait there."""
    clerk, leader = city.staff(), city.staff(Role.LEADER, "主席甲")
    author, head, friend = city.member("周岚"), city.member("吴远"), city.member("郑平")
    officer, other = city.staff(Role.UNIT_OFFICER, "承办甲"), city.unit("市住建局")
    opened_window(clerk)
    found: dict[str, int] = {}
    for name, steps in {
        "submitted": (),
        "joint": ("start_review", "to_joint_review"),
        "final": ("start_review", "to_joint_review", "to_final_review"),
    }.items():
        found[name] = drafted(author)
        done(author, found[name], "submit")
        for step in steps:
            done(clerk, found[name], step)
    found["draft"] = drafted(author)
    found["filed"] = filed(city, author, clerk)
    for name in ("to_sign", "returning", "handling", "sent_back", "replied"):
        found[name] = filed(city, author, clerk)
        ids = assigned(city, clerk, found[name], lead=0, co=other)
        mine = ids["市教育局"]
        if name == "returning":
            assert (
                work(officer, found[name], mine, "request_return", reason="不属本局职责。").status_code == 200
            )
        if name in {"handling", "sent_back"}:
            worked(officer, found[name], mine, "sign", "start_handling")
            made(talked(officer, found[name], mine))
        if name == "sent_back":
            wrote(officer, found[name], mine)
            worked(officer, found[name], mine, "submit_reply")
            worked(clerk, found[name], mine, "send_back", reason="请写明完成时限。")
        if name == "replied":
            promise = {"result_class": "planned", "commitment": "建成三处。", "commitment_due_on": in_days(2)}
            replied(officer, clerk, found[name], mine, **promise)
    found["checking"] = filed(city, author, clerk)
    mine = assigned(city, clerk, found["checking"], lead=0)["市教育局"]
    worked(officer, found["checking"], mine, "sign", "start_handling")
    made(talked(officer, found["checking"], mine))
    wrote(officer, found["checking"], mine)
    worked(officer, found["checking"], mine, "submit_reply")
    _dispute(author, found["handling"])
    made(clerk.put(f"/api/v1/proposals/{found['handling']}/key", {"marked": True, "reason": "关系民生"}))
    supervised = {"supervisor_id": leader.account_id, "month": f"{clock.local_day(clock.now()):%Y-%m}"}
    made(clerk.put(f"/api/v1/proposals/{found['handling']}/supervision", supervised))
    _leader_left(city, clerk, found["sent_back"])
    body = added(clerk, head=head, speakers=[author])
    found["confirming"] = drafted(author, kind="collective", body_id=body["id"])
    done(author, found["confirming"], "ask_head")
    found["joint_draft"] = drafted(author, kind="joint")
    made(author.post(f"/api/v1/proposals/{found['joint_draft']}/signers", {"seat_ids": [friend.seat_id]}))
    _others(city, clerk, author)
    _suggestions(city, clerk, officer, author)
    _cases(city, clerk, officer, head)
    matters.one_in_each_queue(clerk, head)
    d, today = table(ProposalDeadline), clock.local_day(clock.now())
    with city.database.transaction() as db:  # one has gone by, one is near
        for name, days in {"handling": -1, "sent_back": 2}.items():
            own = (d.c.proposal_id == found[name]) & (d.c.kind == "reply")
            db.execute(update(d).where(own).values(due_on=today + timedelta(days=days)))
    return BusyCity(clerk, leader, officer, author, head, friend, found)


def _leader_left(city: City, clerk: Who, proposal_id: int) -> None:
    gone = city.staff(Role.LEADER, "主席乙")
    path = f"/api/v1/proposals/{proposal_id}"
    made(clerk.put(f"{path}/key", {"marked": True, "reason": "关系民生"}))
    made(clerk.put(f"{path}/supervision", {"supervisor_id": gone.account_id}))
    security = city.staff(Role.SECURITY_ADMIN, "安全员")
    assert security.delete(f"/api/v1/accounts/{gone.account_id}/roles/leader").status_code == 204


def _dispute(author: Who, proposal_id: int) -> None:
    talk = handling(author, proposal_id)["consultations"][0]
    path = f"/api/v1/proposals/{proposal_id}/consultations/{talk['id']}/transitions"
    made(author.post(path, {"action": "dispute_talk", "reason": "当天没有见面。"}))


def _suggestions(city: City, clerk: Who, officer: Who, author: Who) -> None:
    """One of each state."""
    findings.noted(city, clerk, author)
    findings.done(clerk, findings.noted(city, clerk, author), "send")
    sent = findings.done(clerk, findings.noted(city, clerk, author), "send")
    findings.done(officer, sent, "answer", fate="adopted")
    findings.released(city, clerk, author)
    outputs.done(clerk, outputs.drafted(clerk, author), "submit")
    outputs.issued(clerk, author)


def _cases(city: City, clerk: Who, officer: Who, author: Who) -> None:
    """One of each state in which something waits, one closed."""
    cases.reported(author)
    cases.done(clerk, cases.reported(author), "accept")
    cases.assigned(city, clerk, cases.reported(author))
    answered = [cases.answered(city, clerk, officer, cases.reported(author)) for _ in "abc"]
    cases.done(author, answered[1], "satisfied")
    cases.done(clerk, answered[2], "close")


def _speeches(clerk: Who, author: Who) -> None:
    """One to choose, one to revise, one chosen."""
    call = speeches.opened(clerk)
    first, second, _ = (speeches.submitted(author, call) for _ in "abc")
    speeches.done(clerk, first, "return", reason="请改")
    speeches.done(clerk, second, "oral")


def _others(city: City, clerk: Who, member: Who) -> None:
    """What waits beside proposals."""
    _speeches(clerk, city.member())
    opinions.submitted(member)
    opinions.done(clerk, opinions.submitted(member), "start_editing")
    made(member.post("/api/v1/leads/own", {"body": "滨江路夜间照明不足。"}))
    claim = archive.claimed(member)
    archive.done(clerk, claim, "confirm")
    record = archive.records(member)[0]
    archive.claimed(member, record_id=record["id"], body="我是主要发言人。")
    archive.claimed(member)
    asked = [
        made(member.post("/api/v1/privacy/requests", {"kind": "erase", "remark": "请删除"})) for _ in "a"
    ]
    made(clerk.post(f"/api/v1/privacy/requests/{asked[0]['id']}/transitions", {"action": "accept"}))
    correction = {"kind": "correct", "field": "employer", "value": "滨江学校"}
    made(member.post("/api/v1/privacy/requests", correction))
    for committee in (None, 0, 1):
        hosted(city, clerk, committee)
    made(clerk.post("/api/v1/bulletins", {"duty_year": clock.now().year, "preface": "前言"}))


def hosted(city: City, clerk: Who, committee: int | None) -> None:
    """A draft, a closing and a closed topic, and an activity that is over, of a committee or of the whole organization."""
    now, host = clock.now(), {} if committee is None else {"committee_id": city.committees[committee]}
    topic = {"title": "如何办好社区书屋", "summary": "请出主意。", "opens_at": now.isoformat()}
    ids = []
    for days in (2, 5, 20, 20):
        ends = (now + timedelta(days=days)).isoformat()
        ids.append(made(clerk.post("/api/v1/topics", topic | {"closes_at": ends} | host))["id"])
    for topic_id in ids[:3]:
        made(clerk.post(f"/api/v1/topics/{topic_id}/publication"))
    soon, late = (now + timedelta(hours=1)).isoformat(), (now + timedelta(hours=3)).isoformat()
    meeting = {"kind": "research", "title": "调研", "starts_at": soon, "ends_at": late}
    activity = made(clerk.post("/api/v1/activities", meeting | host))["id"]
    made(clerk.post("/api/v1/activities", meeting | host))
    t, a = table(Topic), table(Activity)
    with city.database.transaction() as db:
        over = {"closes_at": now - timedelta(days=1), "opens_at": now - timedelta(days=9)}
        db.execute(update(t).where(t.c.id == ids[2]).values(over))
        over = {"starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)}
        db.execute(update(a).where(a.c.id == activity).values(over))
