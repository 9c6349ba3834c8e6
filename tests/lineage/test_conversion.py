"""A proposal that becomes an opinion report, told by the turns that its service says."""

import pytest

from app.core.errors import Conflict
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.lineage import begun, chain, change, complete, remark, step, topic_thread
from tests.factories.domains.proposals import TEXT, done, drafted, opened_window

SUBMITTED = ("opinion.submitted", "lead", "city")


@pytest.fixture
def converted(city):
    """Author, co-signer, staff, and a proposal that has just become a report."""
    author, friend, staff = city.member("吴桐"), city.member("郑一"), city.staff()
    opened_window(staff)
    proposal = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{proposal}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{proposal}/signature", {"accept": True})
    done(author, proposal, "submit")
    change(city, staff, "proposal.converted", proposal, state="converted")
    return author, friend, staff, proposal


def reports(who):
    return who.get("/api/v1/opinions").json()["items"]


def test_the_text_is_handed_in_as_a_report_of_its_author(city, converted):
    author, friend, staff, proposal = converted
    (report,) = reports(author)
    assert (report["title"], report["state"]) == (TEXT["title"], "submitted")
    whole = author.get(f"/api/v1/opinions/{report['id']}").json()
    assert TEXT["situation"] in whole["body"]
    assert TEXT["suggestions"] in whole["body"]
    assert SUBMITTED in live_acts(city, author)
    for who in (author, friend):
        assert ("proposal.submitted", "lead" if who is author else "participant", "city") in live_acts(
            city, who
        )
    for who in (author, staff):
        assert [node[0] for node in chain(who, "proposal", proposal)] == ["提案", "社情民意信息"]
    assert chain(friend, "proposal", proposal) == []
    step(staff, report["id"], "start_editing")


def test_a_text_that_is_too_long_for_a_report_says_where_its_whole_is(city):
    author, staff = city.member(), city.staff()
    opened_window(staff)
    proposal = drafted(author, situation="情" * 15_000, suggestions="议" * 15_000)
    done(author, proposal, "submit")
    done(staff, proposal, "convert", reason="宜作为信息反映。")
    (report,) = reports(author)
    step(staff, report["id"], "start_editing")
    whole = staff.get(f"/api/v1/opinions/{report['id']}").json()
    assert whole["body"].endswith("议……（原提案较长，全文请看原提案）")
    text = {"title": whole["title"], "body": whole["body"]}
    saved = staff.put(f"/api/v1/opinions/{report['id']}", text, headers={"If-Match": '"1"'})
    assert saved.status_code == 200, saved.text


def test_the_seed_of_the_proposal_is_credited_when_the_report_is_issued(city):
    speaker, author, staff = city.member("周岚"), city.member("吴桐"), city.staff()
    opened_window(staff)
    reply = remark(speaker, topic_thread(city, staff))
    proposal = begun(author, ("reply", reply), "proposal")
    complete(author, proposal)
    done(author, proposal, "submit")
    change(city, staff, "proposal.converted", proposal, state="converted")
    report = reports(author)[0]["id"]
    step(staff, report, "start_editing")
    step(staff, report, "issue", tier="city")
    assert ("seed.taken_up", "lead", "city") in live_acts(city, speaker)
    assert news(city, speaker)[-1] == "由您的发言引出的一篇社情民意信息已签发"


def test_undoing_withdraws_the_report(city, converted):
    author, _, staff, proposal = converted
    report = reports(author)[0]["id"]
    change(city, staff, "proposal.unconverted", proposal, state="submitted")
    assert reports(author) == []
    assert SUBMITTED not in live_acts(city, author)
    assert chain(author, "proposal", proposal) == []
    assert staff.get(f"/api/v1/opinions/{report}").status_code == 404
    assert differences(city) == []


def test_undoing_is_refused_once_staff_have_begun_with_the_report(city, converted):
    author, _, staff, proposal = converted
    report = reports(author)[0]["id"]
    step(staff, report, "start_editing")
    with pytest.raises(Conflict, match="由此形成的社情民意信息编辑中，不能撤销转办。"):
        change(city, staff, "proposal.unconverted", proposal, state="submitted")
    assert author.get(f"/api/v1/proposals/{proposal}").json()["state"] == "converted"
    assert reports(author)[0]["state"] == "editing"


def test_the_link_of_a_conversion_is_not_taken_back_by_hand(city, converted):
    author, _, staff, proposal = converted
    found = author.get(f"/api/v1/lineage/proposal/{proposal}").json()["links"]
    for who in (author, staff):
        assert who.delete(f"/api/v1/lineage/links/{found[0]['id']}").json()["code"] == "converted"
