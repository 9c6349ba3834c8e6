"""What an attacker tried with opinion reports and their seeds and got through; each stays shut."""

from tests.factories.domains.ledger import news
from tests.factories.domains.lineage import link, remark, topic_thread
from tests.factories.domains.opinions import combined, done, run, submitted, undo
from tests.factories.domains.proposals import done as proposal_done
from tests.factories.domains.proposals import drafted, filed, opened_window


def test_a_combined_report_with_parts_is_not_shelved_by_undoing(city):
    staff = city.staff()
    ids = [submitted(city.member()) for _ in range(3)]
    whole = combined(staff, *ids[:2])
    done(staff, whole, "shelve", reason="暂缓")
    done(staff, whole, "start_editing")
    done(staff, ids[2], "combine", into_id=whole)
    answer = undo(staff, whole)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_undoable")
    assert run(staff, ids[2], "release", reason="移出").status_code == 200
    assert undo(staff, whole).json()["state"] == "shelved"


def test_the_title_of_a_merged_proposal_does_not_reach_the_author_of_its_seed(city):
    speaker, first, author, staff = city.member(), city.member(), city.member(), city.staff()
    opened_window(staff)
    reply = remark(speaker, topic_thread(city, staff))
    into, merged = filed(city, first, staff), drafted(author, title="关于未公开事项的建议")
    proposal_done(author, merged, "submit")
    proposal_done(staff, merged, "merge", reason="同一主题", into_id=into)
    assert link(author, ("reply", reply), ("proposal", merged)).status_code == 201
    assert news(city, speaker) == ["您的发言被引为线索，写成的材料已报送"]
