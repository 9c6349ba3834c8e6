"""From a remark to a result: who sees the chain, who is told, who is credited."""

import pytest

from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.lineage import (
    begun,
    chain,
    change,
    complete,
    file,
    issue,
    link,
    remark,
    step,
    topic_thread,
)
from tests.factories.domains.proposals import done, opened_window

TAKEN_UP, BORE_FRUIT = ("seed.taken_up", "lead", "city"), ("seed.bore_fruit", "lead", "city")


@pytest.fixture
def people(city):
    """A member who speaks, one who takes it up, a third one, and staff with an open window."""
    staff = city.staff(name="机关甲")
    opened_window(staff)
    return city.member("周岚"), city.member("吴桐"), city.member("郑一"), staff


def test_a_remark_becomes_a_report_a_proposal_and_a_result(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    spoken = live_acts(city, speaker)

    report = begun(author, ("reply", reply), "opinion_report")
    draft = author.get(f"/api/v1/opinions/{report}").json()
    assert draft["title"] == ""
    assert "由来：周岚委员" in draft["body"]
    assert "在网络议政“社区托育怎么办”中的发言" in draft["body"]
    assert "能不能把腾空的社区用房拿出来？" in draft["body"]
    assert news(city, speaker) == []

    issue(author, staff, report)
    assert live_acts(city, speaker) == [*spoken, TAKEN_UP]
    assert news(city, speaker) == [
        "您的发言被引为线索，写成的材料已报送",
        "由您的发言引出的一篇社情民意信息已签发",
    ]

    proposal = begun(author, ("opinion_report", report), "proposal")
    file(author, staff, proposal)
    assert news(city, speaker)[2:] == ["由您的发言引出的提案《关于增设社区嵌入式托育点的建议》已立案"]
    assert live_acts(city, speaker) == [*spoken, TAKEN_UP]

    change(city, staff, "proposal.replied", proposal, result_class="solved", state="replied")
    assert news(city, speaker)[3:] == ["由您的发言引出的提案《关于增设社区嵌入式托育点的建议》已办理落实"]
    assert live_acts(city, speaker) == [*spoken, TAKEN_UP, BORE_FRUIT]
    assert not {TAKEN_UP, BORE_FRUIT} & set(live_acts(city, author))

    whole = [
        ("发言", "周岚", None),
        ("社情民意信息", "吴桐", "已签发"),
        ("提案", "吴桐", "已答复"),
    ]
    for kind, thing in (("reply", reply), ("opinion_report", report), ("proposal", proposal)):
        assert chain(author, kind, thing) == whole
        assert chain(staff, kind, thing) == whole
    for kind, thing in (("reply", reply), ("proposal", proposal)):
        for who in (speaker, other):
            assert chain(who, kind, thing) == [whole[0], ("未公开", None, None), whole[2]]
    change(city, staff, "proposal.filed", proposal, state="filed")  # as the track says
    change(city, staff, "proposal.replied", proposal, result_class=None)
    assert differences(city) == []


def test_the_ledger_opens_the_seed_and_the_seed_its_chain(city, people):
    speaker, author, _, staff = people
    thread = topic_thread(city, staff)
    reply, silent = remark(speaker, thread), remark(speaker, thread)
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)

    records = speaker.get(f"/api/v1/seats/{speaker.seat_id}/records?kind=seed.taken_up").json()["items"]
    assert [(r["kind_label"], r["path"]) for r in records] == [("线索被采纳", f"/api/v1/replies/{reply}")]
    found = speaker.get(f"/api/v1/lineage/reply/{reply}").json()
    assert [(n["title"][:10], n["here"]) for n in found["nodes"]] == [
        ("三个社区的托育点都满", True),
        ("关于增设社区嵌入式托", False),
    ]
    assert found["nodes"][1]["path"] == f"/api/v1/proposals/{proposal}"
    assert [(e["from_node"], e["to_node"], e["may"]) for e in found["links"]] == [(0, 1, [])]
    assert author.get(f"/api/v1/lineage/reply/{reply}").json()["links"][0]["may"] == ["remove"]
    assert speaker.get(f"/api/v1/lineage/reply/{silent}").json() == {"nodes": [], "links": []}

    under = speaker.get(f"/api/v1/lineage/threads/{thread}").json()["items"]
    assert [(o["reply_id"], [n["type_label"] for n in o["nodes"]]) for o in under] == [(reply, ["提案"])]


def test_an_update_and_a_remark_lead_to_one_proposal(city, people):
    speaker, author, other, staff = people
    posted = other.post("/api/v1/updates", {"body": "走访托育点", "kind": "visit"}).json()["id"]
    proposal = begun(author, ("update", posted), "proposal")
    draft = author.get(f"/api/v1/proposals/{proposal}").json()
    assert draft["situation"].startswith("由来：郑一委员")
    assert draft["situation"].endswith("发布的动态\n“走访托育点”")
    reply = remark(speaker, topic_thread(city, staff))
    assert link(author, ("reply", reply), ("proposal", proposal)).status_code == 201
    file(author, staff, proposal)
    for who in (speaker, other):
        assert TAKEN_UP in live_acts(city, who)
    assert [node[0] for node in chain(speaker, "proposal", proposal)] == ["动态", "发言", "提案"]
    assert differences(city) == []


def test_what_is_linked_after_the_filing_is_credited_and_told_at_once(city, people):
    speaker, author, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    report = begun(author, ("reply", remark(speaker, topic_thread(city, staff))), "opinion_report")
    proposal = begun(author, ("opinion_report", report), "proposal")
    file(author, staff, proposal)
    told = len(news(city, speaker))
    assert link(staff, ("reply", reply), ("proposal", proposal)).status_code == 201
    assert news(city, speaker)[told:] == ["由您的发言引出的提案《关于增设社区嵌入式托育点的建议》已立案"]
    assert live_acts(city, speaker).count(TAKEN_UP) == 2
    assert differences(city) == []


def test_who_goes_on_from_oneself_gets_no_credit_for_it(city, people):
    speaker, _, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    report = begun(speaker, ("reply", reply), "opinion_report")
    issue(speaker, staff, report)
    own = begun(speaker, ("reply", reply), "proposal")
    file(speaker, staff, own)
    assert TAKEN_UP not in live_acts(city, speaker)
    assert not any("由您的" in line or "线索" in line for line in news(city, speaker))
    assert differences(city) == []


def test_the_last_own_step_is_credited_when_another_goes_on(city, people):
    speaker, author, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    report = begun(speaker, ("reply", reply), "opinion_report")
    issue(speaker, staff, report)
    proposal = begun(author, ("reply", remark(author, topic_thread(city, staff))), "proposal")
    file(author, staff, proposal)
    answer = link(staff, ("opinion_report", report), ("proposal", proposal))
    assert answer.status_code == 201, answer.text
    records = speaker.get(f"/api/v1/seats/{speaker.seat_id}/records?kind=seed.taken_up").json()["items"]
    assert [r["path"] for r in records] == [f"/api/v1/opinions/{report}"]
    assert differences(city) == []


def test_hiding_or_deleting_the_seed_voids_its_credit_and_showing_it_again_restores_it(city, people):
    speaker, author, _, staff = people
    thread = topic_thread(city, staff)
    reply = remark(speaker, thread)
    file(author, staff, begun(author, ("reply", reply), "proposal"))
    credited = live_acts(city, speaker)
    first = speaker.get(f"/api/v1/seats/{speaker.seat_id}/records?kind=seed.taken_up").json()["items"]

    assert staff.put(f"/api/v1/replies/{reply}/hidden", {"reason": "含有他人电话"}).status_code == 204
    assert TAKEN_UP not in live_acts(city, speaker)
    assert set(void_reasons(city, speaker)) >= {"含有他人电话"}
    assert differences(city) == []

    assert staff.delete(f"/api/v1/replies/{reply}/hidden").status_code == 204
    assert sorted(live_acts(city, speaker)) == sorted(credited)
    again = speaker.get(f"/api/v1/seats/{speaker.seat_id}/records?kind=seed.taken_up").json()["items"]
    assert again[0]["occurred_at"] == first[0]["occurred_at"]
    assert differences(city) == []

    assert speaker.delete(f"/api/v1/replies/{reply}").status_code == 204
    assert TAKEN_UP not in live_acts(city, speaker)
    assert differences(city) == []


def test_an_update_that_is_hidden_loses_its_credit_too(city, people):
    speaker, author, _, staff = people
    posted = speaker.post("/api/v1/updates", {"body": "走访托育点", "kind": "visit"}).json()["id"]
    file(author, staff, begun(author, ("update", posted), "proposal"))
    assert TAKEN_UP in live_acts(city, speaker)
    assert staff.put(f"/api/v1/updates/{posted}/hidden", {"reason": "重复"}).status_code == 204
    assert TAKEN_UP not in live_acts(city, speaker)
    assert staff.delete(f"/api/v1/updates/{posted}/hidden").status_code == 204
    assert TAKEN_UP in live_acts(city, speaker)
    assert differences(city) == []


def test_taking_the_link_back_voids_the_credit_with_a_reason(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)
    link_id = author.get(f"/api/v1/lineage/proposal/{proposal}").json()["links"][0]["id"]
    for who in (speaker, other):
        assert who.delete(f"/api/v1/lineage/links/{link_id}").json()["code"] == "not_author"
    assert TAKEN_UP in live_acts(city, speaker)

    assert author.delete(f"/api/v1/lineage/links/{link_id}").status_code == 204
    assert TAKEN_UP not in live_acts(city, speaker)
    assert void_reasons(city, speaker) == ["来源关联已解除"]
    assert author.delete(f"/api/v1/lineage/links/{link_id}").status_code == 404
    assert chain(author, "proposal", proposal) == []
    assert differences(city) == []


def test_a_credit_stands_while_one_of_two_ways_to_it_stands(city, people):
    speaker, author, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    first, second = (begun(who, ("reply", reply), "proposal") for who in (author, city.member()))
    file(author, staff, first)
    report = begun(author, ("reply", reply), "opinion_report")
    issue(author, staff, report)
    assert second != first
    assert live_acts(city, speaker).count(TAKEN_UP) == 1
    links = author.get(f"/api/v1/lineage/proposal/{first}").json()["links"]
    assert author.delete(f"/api/v1/lineage/links/{links[0]['id']}").status_code == 204
    assert live_acts(city, speaker).count(TAKEN_UP) == 1
    assert differences(city) == []


def test_what_is_undone_takes_the_credit_back(city, people):
    speaker, author, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)
    change(city, staff, "proposal.replied", proposal, state="replied", result_class="solved")
    assert BORE_FRUIT in live_acts(city, speaker)
    change(city, staff, "proposal.unreplied", proposal, state="handling", result_class=None)
    assert BORE_FRUIT not in live_acts(city, speaker)
    change(city, staff, "proposal.unfiled", proposal, state="submitted")
    assert TAKEN_UP not in live_acts(city, speaker)
    assert set(void_reasons(city, speaker)) == {"由此形成的材料不再立案、签发或落实"}


def test_a_reply_that_solves_nothing_is_no_result(city, people):
    speaker, author, _, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    file(author, staff, proposal)
    told = news(city, speaker)
    change(city, staff, "proposal.replied", proposal, state="replied", result_class="for_reference")
    assert BORE_FRUIT not in live_acts(city, speaker)
    assert news(city, speaker) == told


def test_what_is_merged_is_credited_with_what_it_was_merged_into(city, people):
    speaker, author, other, staff = people
    reply = remark(speaker, topic_thread(city, staff))
    merged, main = begun(author, ("reply", reply), "proposal"), begun(other, ("reply", reply), "proposal")
    for who, proposal in ((author, merged), (other, main)):
        complete(who, proposal)
        done(who, proposal, "submit")
    link_id = other.get(f"/api/v1/lineage/proposal/{main}").json()["links"][0]["id"]
    assert other.delete(f"/api/v1/lineage/links/{link_id}").status_code == 204
    change(city, staff, "proposal.merged", merged, state="merged", merged_into_id=main)
    assert TAKEN_UP not in live_acts(city, speaker)
    done(staff, main, "file")
    assert TAKEN_UP in live_acts(city, speaker)
    assert news(city, speaker)[-1] == "由您的发言引出的提案《关于增设社区嵌入式托育点的建议》已立案"


def test_the_seeds_author_hears_once_of_a_text_that_is_submitted_again(city, people):
    speaker, author, _, staff = people
    report = begun(author, ("reply", remark(speaker, topic_thread(city, staff))), "opinion_report")
    version = {"If-Match": '"1"'}
    author.put(f"/api/v1/opinions/{report}", {"title": "托育", "body": "都满了"}, headers=version)
    for action in ("submit", "withdraw", "submit"):
        step(author, report, action)
    assert news(city, speaker) == ["您的发言被引为线索，写成的材料已报送"]
