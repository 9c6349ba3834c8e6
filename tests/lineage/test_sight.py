"""Nothing of a chain leaks: no draft, no title, no author, no place that the reader may not see."""

import json

import pytest

from app.auth.permissions import Role
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.lineage import begun, chain, complete, file, issue, link, remark, topic_thread
from tests.factories.domains.proposals import done, drafted, opened_window


@pytest.fixture
def people(city):
    """A member who speaks, one who takes it up, a third one, and staff with an open window."""
    staff = city.staff(name="机关甲")
    opened_window(staff)
    return city.member("周岚"), city.member("吴桐"), city.member("郑一"), staff


def everything_said(who, *paths):
    return "".join(who.get(path).text for path in paths)


@pytest.mark.parametrize("kind", ["proposal", "opinion_report"])
def test_a_draft_is_known_to_its_author_alone(city, people, kind):
    speaker, author, other, staff = people
    thread = topic_thread(city, staff)
    reply = remark(speaker, thread)
    draft = begun(author, ("reply", reply), kind)
    for who in (speaker, other, staff, city.staff(Role.LEADER, "主席甲")):
        assert who.get(f"/api/v1/lineage/reply/{reply}").json() == {"nodes": [], "links": []}
        assert who.get(f"/api/v1/lineage/threads/{thread}").json() == {"items": []}
        assert who.get(f"/api/v1/lineage/{kind}/{draft}").status_code == 404
        assert news(city, who) == []
    assert len(chain(author, "reply", reply)) == 2
    assert len(author.get(f"/api/v1/lineage/threads/{thread}").json()["items"]) == 1


def test_a_submitted_text_tells_the_seeds_author_neither_who_nor_what(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    complete(author, proposal)
    done(author, proposal, "submit")
    assert news(city, speaker) == ["您的发言被引为线索，写成的材料已报送"]
    bell = speaker.get("/api/v1/notifications").json()["items"]
    assert bell[0]["path"] == f"/api/v1/replies/{reply}"
    for who in (speaker, other):
        assert chain(who, "reply", reply) == []
    assert len(chain(staff, "reply", reply)) == 2
    done(staff, proposal, "decline", reason_code="empty")
    assert len(news(city, speaker)) == 1
    assert chain(speaker, "reply", reply) == []


def test_between_open_things_a_closed_one_is_a_step_without_content(city, people):
    speaker, author, other, staff = people
    thread = topic_thread(city, staff)
    reply = remark(speaker, thread)
    report = begun(author, ("reply", reply), "opinion_report")
    issue(author, staff, report)
    assert chain(other, "reply", reply) == []
    file(author, staff, begun(author, ("opinion_report", report), "proposal"))
    step = other.get(f"/api/v1/lineage/reply/{reply}").json()["nodes"][1]
    empty = dict.fromkeys(("type", "title", "author_name", "at", "state_label", "path"))
    assert step == empty | {"type_label": "未公开", "here": False}
    said = everything_said(other, f"/api/v1/lineage/reply/{reply}", f"/api/v1/lineage/threads/{thread}")
    assert "社区托育点不足应予重视" not in said
    assert other.get(f"/api/v1/lineage/opinion_report/{report}").status_code == 404


def test_a_draft_between_open_things_is_passed_over(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    report = begun(author, ("reply", reply), "opinion_report")
    proposal = begun(author, ("opinion_report", report), "proposal")
    file(author, staff, proposal)
    for who in (speaker, other, staff):
        found = who.get(f"/api/v1/lineage/proposal/{proposal}").json()
        assert [n["type_label"] for n in found["nodes"]] == ["发言", "提案"]
        assert found["links"] == [{"id": None, "from_node": 0, "to_node": 1, "may": []}]
    assert [n[0] for n in chain(author, "proposal", proposal)] == ["发言", "社情民意信息", "提案"]
    assert ("seed.taken_up", "lead", "city") in live_acts(city, speaker)
    assert author.delete(f"/api/v1/opinions/{report}").status_code == 204
    assert [n[0] for n in chain(author, "proposal", proposal)] == ["发言", "提案"]
    assert differences(city) == []


def test_what_was_said_among_the_invited_stays_among_them(city, people):
    speaker, author, _, staff = people
    stranger = city.member("冯二", sector=1)
    reply = remark(speaker, topic_thread(city, staff, sectors=(0,)))
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)
    assert len(chain(author, "proposal", proposal)) == 2
    assert chain(stranger, "proposal", proposal) == []
    assert stranger.get(f"/api/v1/lineage/reply/{reply}").status_code == 404
    body = {"from_type": "reply", "from_id": reply, "to_type": "proposal"}
    assert stranger.post("/api/v1/lineage/begin", body).status_code == 404
    mine = drafted(stranger)
    assert link(stranger, ("reply", reply), ("proposal", mine)).status_code == 404


def test_a_hidden_seed_is_open_to_its_author_and_staff_only_and_nobody_begins_from_it(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)
    staff.put(f"/api/v1/replies/{reply}/hidden", {"reason": "含有他人电话"})
    for who in (author, other):
        assert chain(who, "proposal", proposal) == []
    for who in (speaker, staff):
        assert len(chain(who, "proposal", proposal)) == 2
    body = {"from_type": "reply", "from_id": reply, "to_type": "proposal"}
    assert other.post("/api/v1/lineage/begin", body).status_code == 404
    assert speaker.post("/api/v1/lineage/begin", body).json()["code"] == "seed_hidden"


def test_only_its_author_and_the_staff_say_what_a_text_came_of(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = drafted(author)
    for who in (speaker, other, staff):
        assert link(who, ("reply", reply), ("proposal", proposal)).status_code == 404
    done(author, proposal, "submit")
    done(staff, proposal, "file")
    for who in (speaker, other):
        assert link(who, ("reply", reply), ("proposal", proposal)).json()["code"] == "not_author"
    later = remark(speaker, topic_thread(city, staff))
    assert link(staff, ("reply", later), ("proposal", proposal)).json()["code"] == "seed_too_late"
    assert link(staff, ("reply", reply), ("proposal", proposal)).status_code == 201
    seen = json.loads(city.staff(Role.AUDITOR).get("/api/v1/audit?action=lineage.linked").text)["items"]
    assert [e["subject_id"] for e in seen] == [proposal]


def test_nothing_comes_of_itself(city, people):
    _, author, _, _ = people
    one, two, three = (
        author.post("/api/v1/opinions", {"title": name, "body": name}).json()["id"] for name in "甲乙丙"
    )
    assert link(author, ("opinion_report", one), ("opinion_report", one)).json()["code"] == "circle"
    assert link(author, ("opinion_report", one), ("opinion_report", two)).status_code == 201
    assert link(author, ("opinion_report", two), ("opinion_report", three)).status_code == 201
    for end in (one, two):
        answer = link(author, ("opinion_report", three), ("opinion_report", end))
        assert (answer.status_code, answer.json()["code"]) == (409, "circle")
    assert [n[0] for n in chain(author, "opinion_report", two)] == ["社情民意信息"] * 3


def test_staff_and_leaders_begin_nothing(city, people):
    speaker, _, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    body = {"from_type": "reply", "from_id": reply, "to_type": "proposal"}
    for who in (staff, city.staff(Role.LEADER), city.staff(Role.UNIT_OFFICER)):
        assert who.post("/api/v1/lineage/begin", body).status_code == 403
    assert speaker.post("/api/v1/lineage/begin", body | {"from_type": "topic"}).status_code == 422
    assert speaker.post("/api/v1/lineage/begin", body | {"from_type": "proposal"}).status_code == 422
