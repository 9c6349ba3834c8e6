"""Retries and races: a draft is begun once, a link stands once, a credit counts once."""

from itertools import count

import pytest
from sqlalchemy import func, select

from app.core.sql import table
from app.lineage.models import LineageLink
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.lineage import begun, complete, file, issue, link, remark, topic_thread
from tests.factories.domains.proposals import done, drafted, opened_window, run
from tests.support.at_once import at_once

TAKEN_UP = ("seed.taken_up", "lead", "city")
_key = count(1)


@pytest.fixture
def people(city):
    """A member who speaks, one who takes it up, and staff with an open window."""
    staff = city.staff(name="机关甲")
    opened_window(staff)
    return city.member("周岚"), city.member("吴桐"), staff


def links(city) -> int:
    with city.database.read.connect() as conn:
        return conn.scalar(select(func.count()).select_from(table(LineageLink)))


def test_a_retry_is_answered_with_the_first_draft(city, people):
    speaker, author, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    body = {"from_type": "reply", "from_id": reply, "to_type": "proposal"}
    key = {"Idempotency-Key": "one-and-the-same"}
    answers = [author.post("/api/v1/lineage/begin", body, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert links(city) == 1


def test_who_begins_again_goes_on_with_the_draft_until_it_is_submitted(city, people):
    speaker, author, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    first = begun(author, ("reply", reply), "proposal")
    complete(author, first)
    assert begun(author, ("reply", reply), "proposal") == first
    assert author.get(f"/api/v1/proposals/{first}").json()["title"]
    done(author, first, "submit")
    second = begun(author, ("reply", reply), "proposal")
    assert second != first
    assert author.delete(f"/api/v1/proposals/{second}").status_code == 204
    assert begun(author, ("reply", reply), "proposal") not in {first, second}


def test_raced_beginnings_are_one_draft(city, people):
    speaker, author, staff = people
    thread = topic_thread(city, staff)
    for _ in range(5):
        reply = remark(speaker, thread)
        drafts = at_once(*(lambda r=reply: begun(author, ("reply", r), "opinion_report") for _ in range(3)))
        assert len(set(drafts)) == 1
    assert links(city) == 5


def test_raced_links_are_one_link(city, people):
    speaker, author, staff = people
    reply, proposal = remark(speaker, topic_thread(city, staff)), drafted(author)
    answers = at_once(*(lambda: link(author, ("reply", reply), ("proposal", proposal)) for _ in range(3)))
    assert {a.json()["id"] for a in answers} == {answers[0].json()["id"]}
    assert links(city) == 1


def test_two_texts_of_one_seed_taken_up_at_once_credit_it_once(city, people):
    speaker, author, staff = people
    thread = topic_thread(city, staff)
    other, clerk = city.member(), city.staff(name="机关乙")
    for round_ in range(1, 4):
        reply = remark(speaker, thread)
        ids = [begun(who, ("reply", reply), "proposal") for who in (author, other)]
        for who, proposal in zip((author, other), ids, strict=True):
            complete(who, proposal)
            done(who, proposal, "submit")
        answers = at_once(
            *(lambda w=w, p=p: run(w, p, "file") for w, p in zip((staff, clerk), ids, strict=True))
        )
        assert [a.status_code for a in answers] == [200, 200]
        assert live_acts(city, speaker).count(TAKEN_UP) == round_
    assert differences(city) == []


def test_a_link_and_the_filing_do_not_pass_each_other(city, people):
    speaker, author, staff = people
    thread = topic_thread(city, staff)
    for round_ in range(1, 5):
        reply, proposal = remark(speaker, thread), drafted(author)
        done(author, proposal, "submit")
        linked, filed = at_once(
            lambda r=reply, p=proposal: link(author, ("reply", r), ("proposal", p)),
            lambda p=proposal: run(staff, p, "file"),
        )
        assert (linked.status_code, filed.status_code) == (201, 200)
        assert live_acts(city, speaker).count(TAKEN_UP) == round_
        assert sum("已立案" in line for line in news(city, speaker)) == round_
    assert differences(city) == []


def test_hiding_and_the_filing_do_not_pass_each_other(city, people):
    speaker, author, staff = people
    thread, clerk = topic_thread(city, staff), city.staff(name="机关乙")
    for _ in range(4):
        reply = remark(speaker, thread)
        proposal = begun(author, ("reply", reply), "proposal")
        complete(author, proposal)
        done(author, proposal, "submit")
        at_once(
            lambda r=reply: clerk.put(f"/api/v1/replies/{r}/hidden", {"reason": "重复"}),
            lambda p=proposal: run(staff, p, "file"),
        )
        assert TAKEN_UP not in live_acts(city, speaker)
    assert differences(city) == []


def test_a_report_that_is_adopted_twice_credits_its_seed_once(city, people):
    speaker, author, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    report = begun(author, ("reply", reply), "opinion_report")
    issue(author, staff, report)
    for tier in ("city", "province"):
        path = f"/api/v1/opinions/{report}/transitions"
        assert staff.post(path, {"action": "adopt", "tier": tier}).status_code == 200
    file(author, staff, begun(author, ("opinion_report", report), "proposal"))
    assert live_acts(city, speaker).count(TAKEN_UP) == 1
    assert differences(city) == []


def test_taking_a_link_back_and_hiding_its_seed_do_not_wait_in_a_circle(city, people):
    speaker, author, staff = people
    thread = topic_thread(city, staff)
    for n in range(6):
        reply = remark(speaker, thread, f"第{n}条")
        proposal = begun(author, ("reply", reply), "proposal")
        file(author, staff, proposal)
        (made,) = author.get(f"/api/v1/lineage/proposal/{proposal}").json()["links"]
        answers = at_once(
            lambda made=made: author.delete(f"/api/v1/lineage/links/{made['id']}"),
            lambda reply=reply: staff.put(f"/api/v1/replies/{reply}/hidden", {"reason": "含有他人电话"}),
        )
        assert [a.status_code for a in answers] == [204, 204]
    assert TAKEN_UP not in live_acts(city, speaker)
    assert differences(city) == []
