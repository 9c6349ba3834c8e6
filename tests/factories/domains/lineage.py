"""Seeds and what comes of them, through the API."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.core import clock
from app.core.sql import table
from app.duty import domain_events
from app.proposals.models import Proposal
from tests.factories.city import City, Who
from tests.factories.domains.proposals import TEXT, done

REMARK = "三个社区的托育点都满了，\n能不能把腾空的社区用房拿出来？"


def topic_thread(city: City, staff: Who, *, sectors: tuple[int, ...] = ()) -> int:
    """The thread of an open topic, to which all or some sectors are invited."""
    now = clock.now()
    body = {
        "title": "社区托育怎么办",
        "summary": "请谈谈。",
        "opens_at": now.isoformat(),
        "closes_at": (now + timedelta(days=9)).isoformat(),
        "sector_ids": [city.sectors[place] for place in sectors],
    }
    made = staff.post("/api/v1/topics", body)
    assert made.status_code == 201, made.text
    published = staff.post(f"/api/v1/topics/{made.json()['id']}/publication")
    return int(published.json()["thread_id"])


def remark(who: Who, thread_id: int, body: str = REMARK) -> int:
    """A reply."""
    made = who.post(f"/api/v1/threads/{thread_id}/replies", {"body": body})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def begun(who: Who, seed: tuple[str, int], kind: str) -> int:
    """The id of a draft that was begun from a seed."""
    body = {"from_type": seed[0], "from_id": seed[1], "to_type": kind}
    made = who.post("/api/v1/lineage/begin", body)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def link(who: Who, seed: tuple[str, int], outcome: tuple[str, int], **more: Any) -> Any:
    """The answer to linking."""
    body = dict(zip(("from_type", "from_id", "to_type", "to_id"), (*seed, *outcome), strict=True))
    return who.post("/api/v1/lineage", body, **more)


def chain(who: Who, kind: str, thing_id: int) -> list[tuple[str, str | None, str | None]]:
    """Label, author and state of each node of a chain."""
    answer = who.get(f"/api/v1/lineage/{kind}/{thing_id}")
    assert answer.status_code == 200, answer.text
    return [(n["type_label"], n["author_name"], n["state_label"]) for n in answer.json()["nodes"]]


def complete(who: Who, proposal_id: int) -> None:
    """Write the whole text of a draft."""
    found = who.get(f"/api/v1/proposals/{proposal_id}").json()
    saved = who.put(f"/api/v1/proposals/{proposal_id}", TEXT, headers={"If-Match": f'"{found["version"]}"'})
    assert saved.status_code == 200, saved.text


def file(author: Who, staff: Who, proposal_id: int) -> None:
    """Complete, submit and file a draft."""
    complete(author, proposal_id)
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")


def step(who: Who, report_id: int, action: str, **more: Any) -> None:
    """One step of a report that must be possible."""
    answer = who.post(f"/api/v1/opinions/{report_id}/transitions", {"action": action, **more})
    assert answer.status_code == 200, answer.text


def issue(author: Who, staff: Who, report_id: int) -> None:
    """Title, submit and issue a draft report."""
    found = author.get(f"/api/v1/opinions/{report_id}").json()
    text = {"title": "社区托育点不足应予重视", "body": found["body"] or "三个社区都满了。"}
    version = {"If-Match": f'"{found["version"]}"'}
    assert author.put(f"/api/v1/opinions/{report_id}", text, headers=version).status_code == 200
    step(author, report_id, "submit")
    step(staff, report_id, "start_editing")
    step(staff, report_id, "issue", tier="city")


def change(city: City, by: Who, name: str, proposal_id: int, **values: Any) -> None:
    """Set columns of a proposal and say the turn, as its service does."""
    p = table(Proposal)
    with city.database.transaction() as db:
        if values:
            db.execute(update(p).where(p.c.id == proposal_id).values(values))
        domain_events.publish(db, name, city.organization_id, ("proposal", proposal_id), by=by.account_id)
