"""Where my suggestions went: one list over all sources, figures that equal it, nothing that I may not see."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.core import clock
from app.core.sql import table
from app.deliberation.models import Topic
from app.proposals.models import Proposal, ProposalStep
from tests.factories.city import Who
from tests.factories.domains.proposals import TEXT
from tests.factories.everything import MARK, make_everything
from tests.factories.findings import done, released, replied, topic

PATH = "/api/v1/suggestions"


def listed(who: Who, **query: Any) -> dict[str, Any]:
    """The whole list in pages of two, with figures that must equal what each of them opens."""
    whole = who.get(PATH, params={"limit": 100, **query}).json()
    items, cursor = [], None
    while True:
        page = who.get(PATH, params={"limit": 2, **query} | ({"cursor": cursor} if cursor else {})).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert items == whole["items"]
    assert [i["at"] for i in items] == sorted((i["at"] for i in items), reverse=True)
    for name in ("stage", "source"):
        for figure in whole["figures"][f"{name}s"]:
            rows = who.get(PATH, params={"limit": 100, **query, name: figure["code"]}).json()["items"]
            assert len(rows) == figure["count"], figure
            assert {row[f"{name}_label"] for row in rows} <= {figure["label"]}
    return dict(whole)


def test_one_list_over_all_sources_newest_change_first(city):
    made = make_everything(city)
    member, staff = made.member, city.staff()
    released(city, staff, member)
    of = topic(staff)
    reply_id = replied(member, of)
    before = {item["source"] for item in listed(member)["items"]}
    assert {"finding", "proposal", "opinion_report"} <= before
    assert "reply" not in before, "nobody answered it yet"

    answer = staff.post(
        f"/api/v1/threads/{of['thread_id']}/replies", {"body": "已转住建局。", "parent_id": reply_id}
    )
    assert answer.status_code == 201, answer.text

    items = listed(member)["items"]
    first = items[0]
    assert (first["source"], first["id"], first["state_label"], first["result"]) == (
        "reply", reply_id, "机关已回应", "已转住建局。",
    )  # fmt: skip
    by_source = {item["source"]: item for item in items}
    assert "已采纳" in [item["stage_label"] for item in items if item["source"] == "finding"]
    assert (by_source["proposal"]["title"], by_source["proposal"]["stage_label"]) == (TEXT["title"], "办理中")
    assert by_source["opinion_report"]["title"] == f"反映{MARK}"
    assert all(member.get(item["path"]).status_code == 200 for item in items if item["source"] != "reply")
    assert listed(city.member())["items"] == []


def test_what_was_taken_over_stands_once_and_tells_no_answer_before_its_release(city):
    member, staff = city.member(), city.staff()
    of = topic(staff)
    reply_id = replied(member, of)
    staff.post(f"/api/v1/threads/{of['thread_id']}/replies", {"body": "收到。", "parent_id": reply_id})
    new = {"source": "topic", "subject_id": of["id"], "reply_id": reply_id, "unit_id": city.units[0]}
    found = staff.post("/api/v1/findings", new).json()
    (row,) = listed(member)["items"]
    assert (row["source"], row["stage"], row["result"]) == ("finding", "open", None)
    done(staff, found, "discard", reason="已有同样的建议")
    (row,) = listed(member)["items"]
    assert (row["stage_label"], row["state_label"]) == ("未采纳", "不再交办")


def test_drafts_and_what_may_no_longer_be_seen_are_left_out(city):
    member, staff = city.member(), city.staff()
    draft = member.post("/api/v1/proposals", TEXT)
    assert draft.status_code == 201, draft.text
    assert listed(member)["items"] == []
    of = topic(staff)
    reply_id = replied(member, of)
    staff.post(f"/api/v1/threads/{of['thread_id']}/replies", {"body": "收到。", "parent_id": reply_id})
    assert len(listed(member)["items"]) == 1
    t = table(Topic)
    with city.database.transaction() as db:
        db.connection().execute(update(t).where(t.c.id == of["id"]).values(invited_only=True))
    assert listed(member)["items"] == [], "no longer invited"


def test_a_proposal_that_is_declined_or_deleted(city):
    made = make_everything(city)
    p = table(Proposal)

    def proposals() -> list[str]:
        rows = listed(made.member, source="proposal")["items"]
        return [row["stage_label"] for row in rows]

    def put(**values: Any) -> None:
        with city.database.transaction() as db:
            db.connection().execute(update(p).values(**values))

    stages = proposals()
    put(replied_at=clock.now(), result_class="solved")
    assert proposals() == ["已采纳"] * len(stages)
    put(state="declined", replied_at=None)
    assert proposals() == ["未采纳"] * len(stages)
    put(deleted_at=clock.now())
    assert proposals() == []


def test_an_answer_is_told_to_whom_it_was_given_and_the_last_one_counts(city):
    first, second, staff = city.member(), city.member(), city.staff()
    of = topic(staff)
    path = f"/api/v1/threads/{of['thread_id']}/replies"
    top = replied(first, of)
    under = second.post(path, {"body": "再补充一点。", "parent_id": top}).json()["id"]
    staff.post(path, {"body": "答复给乙：不予采纳。", "parent_id": top, "quote_id": under})
    assert listed(first)["items"] == []
    (row,) = listed(second)["items"]
    assert (row["id"], row["result"]) == (under, "答复给乙：不予采纳。")
    for body in ("高空作业问题已转住建局。", "已经办妥。"):
        staff.post(path, {"body": body, "parent_id": top})
    (row,) = listed(first)["items"]
    assert row["result"] == "已经办妥。"
    # noted as another member's suggestion, it is still mine that was answered
    new = {"source": "topic", "subject_id": of["id"], "reply_id": top, "seat_ids": [second.seat_id]}
    assert staff.post("/api/v1/findings", new).status_code == 201
    assert [one["id"] for one in listed(first)["items"]] == [top]


def test_a_merged_proposal_fares_as_the_one_that_it_joined(city):
    made, p = make_everything(city), table(Proposal)
    now = clock.now()
    main = {"state": "closed", "replied_at": now, "closed_at": now, "result_class": "solved"}
    with city.database.transaction() as db:
        conn = db.connection()
        ids = conn.scalars(select(p.c.id).where(p.c.submitted_at.is_not(None)).order_by(p.c.id)).all()
        conn.execute(update(p).where(p.c.id == ids[0]).values(main))
        conn.execute(update(p).where(p.c.id != ids[0]).values(state="merged", merged_into_id=ids[0]))
    rows = listed(made.member, source="proposal")["items"]
    assert rows
    assert {row["stage_label"] for row in rows} == {"已采纳"}
    with city.database.transaction() as db:
        db.connection().execute(update(p).values(state="converted"))
    assert listed(made.member, source="proposal")["items"] == []


def test_a_proposal_that_is_still_being_solved_says_so_and_its_last_step_dates_it(city):
    made, p, t = make_everything(city), table(Proposal), table(ProposalStep)
    now = clock.now()
    with city.database.transaction() as db:
        values = {"state": "closed", "replied_at": now, "closed_at": now, "result_class": "planned"}
        db.connection().execute(update(p).where(p.c.submitted_at.is_not(None)).values(values))
    rows = listed(made.member, source="proposal")["items"]
    assert {(row["stage_label"], row["state_label"]) for row in rows} == {("办理中", "列入计划解决")}
    later = now + timedelta(days=1)
    with city.database.transaction() as db:
        put = update(t).where(t.c.proposal_id == rows[-1]["id"], t.c.action == "submit").values(at=later)
        db.connection().execute(put)
    first = listed(made.member, source="proposal")["items"][0]
    assert (first["id"], first["at"][:16]) == (rows[-1]["id"], later.isoformat()[:16])


def test_bad_filters_and_cursors_are_refused(city):
    member = city.member()
    for query in ({"source": "dream"}, {"stage": "lost"}, {"cursor": "x"}, {"limit": 0}):
        assert member.get(PATH, params=query).status_code == 422
