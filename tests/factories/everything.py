"""One thing of every kind in a city, for tests that knock at every route."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from tests.factories import cases
from tests.factories.city import City, Who
from tests.factories.consultations import matters
from tests.factories.domains.activities import fill_hall
from tests.factories.domains.archive import begun
from tests.factories.domains.bodies import added
from tests.factories.domains.handling import assigned, handling, in_days, replied, talked
from tests.factories.domains.library import paper, shelved
from tests.factories.domains.proposals import filed, opened_window
from tests.factories.files import key_of
from tests.factories.outputs import issued as issued_output
from tests.factories.plenary import speeches

RULES = """\
name: 试行办法
rules:
  - {id: update, label: 发布动态, kinds: [update.posted], points: 2}
boards:
  - {id: all, label: 全部, posts: [chair, vice_chair, secretary_general, standing_member, member]}
"""
#: Stands in the text of everything that is made here.
MARK = "犇犇"


@dataclass
class Everything:
    """What was made: ids by the name of the path parameter, under the first path segment where names repeat."""

    member: Who
    ids: dict[str, int | str]

    def fill(self, path: str) -> str:
        """The path with its parameters filled in; KeyError for a kind of thing that is not made here."""
        segment = path.split("/")[3] if path.startswith("/api/") else ""
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            value = self.ids.get(f"{segment}.{name}", self.ids.get(name))
            if value is None:
                raise KeyError(f"{segment}.{name}: make one in {__name__}")
            path = path.replace(f"{{{name}}}", str(value))
        return path


def made(answer: Any) -> Any:
    """The body of an answer that must be a success."""
    assert answer.status_code in {200, 201, 204}, answer.text
    return answer.json() if answer.content else None


def rules_twice(city: City, staff: Who, year: int) -> dict[str, Any]:
    """Two versions of the rules of a year in force one after the other; the last one."""
    rules = {"text": RULES.replace("试行", f"试行{MARK}"), "duty_year": year, "reason": MARK}
    for _ in range(2):
        ruleset = made(staff.post("/api/v1/rulesets", rules))
        made(staff.put(f"/api/v1/rulesets/{ruleset['id']}/publication"))
        while outbox.run_due(city.database):
            pass
    return ruleset


def at_the_desk(staff: Who, about: str) -> dict[str, int | str]:
    """What staff leave beside a thing: ids by the name of the path parameter."""
    note = made(staff.post("/api/v1/notes", {"subject": about, "body": f"备注{MARK}"}))
    made(staff.put("/api/v1/presence", {"subject": about}))
    view = {"desk": "proposals", "name": f"常用{MARK}", "query": "state=filed"}
    return {
        "internal_note_id": note["id"],
        "view_id": made(staff.post("/api/v1/saved-views", view))["id"],
    }


def _job_of(city: City) -> int:
    """A job that names the city."""
    j = table(outbox.Job)
    with city.database.read.connect() as conn:
        mine = j.c.payload["organization_id"].as_integer() == city.organization_id
        return int(conn.scalars(select(j.c.id).where(mine)).first() or 0)


def _activity(staff: Who, starts_at: str, ends_at: str) -> dict[str, Any]:
    """An activity with an agenda and a seating."""
    times = {"starts_at": starts_at, "ends_at": ends_at}
    body = {"kind": "research", "title": f"调研{MARK}", "agenda": [{"title": f"议程{MARK}"}], **times}
    activity: dict[str, Any] = made(staff.post("/api/v1/activities", body))
    hall = {"rows": 20, "columns": 20, "order": "roster"}
    made(fill_hall(staff, f"/api/v1/activities/{activity['id']}/hall", hall))
    return activity


def _finding(city: City, staff: Who, activity_id: int, author: Who) -> int:
    """A suggestion that was made in an activity."""
    noted = {"source": "inspection", "subject_id": activity_id, "seat_ids": [author.seat_id]}
    noted |= {"body": f"建议{MARK}", "unit_id": city.units[0]}
    return int(made(staff.post("/api/v1/findings", noted))["id"])


def _visit(staff: Who, member: Who) -> dict[str, int]:
    """A contact that was visited: ids by the name of the path parameter."""
    named = {"seat_id": member.seat_id, "kind": "village", "name": f"社区{MARK}"}
    contact = made(staff.post("/api/v1/contacts", named))
    visit = made(member.post("/api/v1/visits", {"contact_id": contact["id"], "body": f"走访{MARK}"}))
    return {"contact_id": contact["id"], "visit_id": visit["id"]}


def _speech(staff: Who, member: Who) -> dict[str, int]:
    """A written speech that was chosen: ids by the name of the path parameter."""
    call = speeches.opened(staff, name=f"全会{MARK}")
    speech = speeches.submitted(member, call, title=f"发言{MARK}", body=MARK)
    return {"call_id": call["id"], "speech_id": speeches.done(staff, speech, "written")["id"]}


def _venue(staff: Who, member: Who) -> int:
    """A venue of consultation that is open to the public, where a member is posted."""
    new = {"name": f"议事室{MARK}", "level": "village", "kind": "room", "is_public": True}
    return int(made(staff.post("/api/v1/venues", new | {"members": [{"seat_id": member.seat_id}]}))["id"])


def make_everything(city: City) -> Everything:
    """A member who has done everything once, and staff who have dealt with it."""
    member, staff = city.member(f"沈{MARK}"), city.staff(Role.SECRETARIAT, f"机关{MARK}")
    now, today = clock.now(), clock.local_day(clock.now())
    soon, late = (now + timedelta(hours=1)).isoformat(), (now + timedelta(days=9)).isoformat()
    picture = key_of(member)
    update = made(
        member.post("/api/v1/updates", {"body": f"走访{MARK}", "kind": "visit", "pictures": [picture]})
    )
    reply = made(member.post(f"/api/v1/threads/{update['thread_id']}/replies", {"body": f"跟帖{MARK}"}))
    topic = made(
        staff.post(
            "/api/v1/topics",
            {
                "title": f"议题{MARK}",
                "summary": MARK,
                "opens_at": now.isoformat(),
                "closes_at": late,
                "papers": [{"title": f"材料{MARK}", "body": MARK}],
            },
        )
    )
    topic = made(staff.post(f"/api/v1/topics/{topic['id']}/publication"))
    window = opened_window(staff, f"征集{MARK}")
    report = made(member.post("/api/v1/opinions", {"title": f"反映{MARK}", "body": MARK}))
    made(member.post(f"/api/v1/opinions/{report['id']}/transitions", {"action": "submit"}))
    seed = {"from_type": "reply", "from_id": reply["id"]}
    draft = made(member.post("/api/v1/lineage/begin", seed | {"to_type": "proposal"}))
    lineage = made(member.get(f"/api/v1/lineage/proposal/{draft['id']}"))
    lead = made(member.post("/api/v1/leads/own", {"body": f"线索{MARK}"}))
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=30))}
    reading = made(staff.post("/api/v1/reading/topics", {"title": f"共读{MARK}", **days}))
    log = made(member.post("/api/v1/reading/logs", {"book": f"书{MARK}", "minutes": 30}))
    note = made(
        member.post("/api/v1/reading/notes", {"book": f"书{MARK}", "title": f"札记{MARK}", "body": MARK})
    )
    activity = _activity(staff, soon, late)
    made(
        staff.post(
            f"/api/v1/seats/{member.seat_id}/records",
            {"kind": "honor.received", "title": f"荣誉{MARK}", "held_on": str(today)},
        )
    )
    asked = made(member.post("/api/v1/privacy/requests", {"kind": "erase", "remark": MARK}))
    ruleset = rules_twice(city, staff, today.year)
    preface = {"duty_year": today.year, "preface": f"前言{MARK}"}
    bulletin = made(staff.post("/api/v1/bulletins", preface))
    made(staff.put(f"/api/v1/bulletins/{bulletin['id']}/publication"))
    body = added(staff, f"民盟{MARK}", head=member, contact_name="李明", contact_phone="0817-2220000")
    act = {"kind": "speech.delivered", "title": f"发言{MARK}", "held_on": str(today)}
    claim = made(member.post("/api/v1/claims", {"act": act, "body": MARK}))
    words = {"text_id": "0" * 36, "title": MARK, "path": "/updates/new", "words": {"body": MARK}}
    made(member.put("/api/v1/drafts/update/new", words, headers={"If-Match": '"0"'}))
    records = made(member.get(f"/api/v1/seats/{member.seat_id}/records"))["items"]
    record = next(r for r in records if r["kind"] == "honor.received")
    proposal_id = filed(city, member, staff)
    assignment_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
    promised = {"result_class": "planned", "commitment": f"承诺{MARK}", "commitment_due_on": in_days(90)}
    officer = city.staff(Role.UNIT_OFFICER, f"承办{MARK}")
    reply_id = replied(officer, staff, proposal_id, assignment_id, body=f"答复{MARK}", **promised)
    made(talked(officer, proposal_id, assignment_id, phase="after", minutes=f"回访{MARK}"))
    handled = handling(member, proposal_id)
    shelved(city, paper(city, f"旧案{MARK}", MARK))
    document_id = made(member.get("/api/v1/library/documents"))["items"][0]["id"]
    key = key_of(staff, f"姓名,界别,手机号码\n{MARK},没有界,1".encode(), f"名册{MARK}.csv")
    imported = made(staff.post("/api/v1/imports", {"kind": "members", "file": key}))
    over = str(today.year - 1)
    issued = made(staff.post("/api/v1/issued-cards", {"seat_id": member.seat_id, "period": over}))
    batch = made(staff.post("/api/v1/issued-cards/batches", {"period": over}))
    return Everything(
        member,
        {
            "request_id": asked["id"],
            **at_the_desk(staff, f"proposal:{proposal_id}"),
            "issued_id": issued["id"],
            "bulletin_id": bulletin["id"],
            "duty": "update",
            "batch_id": batch["id"],
            "assignment_id": assignment_id,
            "proposals.reply_id": reply_id,
            "document_id": document_id,
            "deadline_id": handled["deadlines"][0]["id"],
            "talk_id": handled["consultations"][0]["id"],
            "commitment_id": handled["commitments"][0]["id"],
            "update_id": update["id"],
            "thread_id": update["thread_id"],
            "reply_id": reply["id"],
            "notification_id": member.get("/api/v1/notifications").json()["items"][0]["id"],
            "topics.topic_id": topic["id"],
            "paper_id": topic["papers"][0]["id"],
            "files.key": picture,
            "proposal_id": proposal_id,
            "version": 1,
            "window_id": window,
            "report_id": report["id"],
            "lineage.type": "reply",
            "lineage.id": reply["id"],
            "link_id": lineage["links"][0]["id"],
            "reading.topic_id": reading["id"],
            "lead_id": lead["id"],
            "log_id": log["id"],
            "note_id": note["id"],
            "activity_id": activity["id"],
            "claim_id": claim["id"],
            **_visit(staff, member),
            "project_id": begun(staff, title=f"义诊{MARK}", campaign=f"双助{MARK}")["id"],
            "finding_id": _finding(city, staff, activity["id"], member),
            "output_id": issued_output(staff, member, title=f"报告{MARK}", body=MARK)["id"],
            "case_id": cases.reported(member, title=f"呼叫{MARK}", body=MARK)["id"],
            **_speech(staff, member),
            "venue_id": _venue(staff, member),
            **matters.with_a_note(staff, member, MARK),
            "year": today.year,
            "record_id": record["id"],
            "act_id": record["path"].rpartition("/")[2],
            "seat_id": member.seat_id,
            "organizations.organization_id": city.organization_id,
            "ruleset_id": ruleset["id"],
            "part": "rule:update",
            "figure": "points",
            "month": "2026-01",
            "day": str(today),
            "drafts.kind": "update",
            "drafts.key": "new",
            "cards.period": str(today.year),
            "cards.key": "opinions",
            "cards.code": "x" * 16,
            "code": "x" * 16,
            "body_id": body["id"],
            "term_id": city.term_id,
            "sector_id": city.sectors[0],
            "committee_id": city.committees[0],
            "unit_id": city.units[0],
            "office_id": city.office(f"科室{MARK}", Area.PROPOSALS),
            "grant-targets.kind": "units",
            "imports.kind": "members",
            "import_id": imported["id"],
            "job_id": _job_of(city),
            "phrase_kind": "proposal.decline",
            "backups.name": "lvyi-20260101-000000.tar.gz",
            "session_id": member.session_id,
            "account_id": member.account_id,
            "role": "member",
        },
    )
