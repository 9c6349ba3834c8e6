"""The documents of a proposal through the API: for those who may read it, audited, under its Chinese name."""

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.exports.reading import exported, name_of, paragraphs, tables, text_of
from tests.factories.city import City
from tests.factories.domains.handling import REPLY, assigned, replied, worked, wrote
from tests.factories.domains.proposals import TEXT, done, drafted, filed, opened_window


def document(who, proposal_id: int, ending: str):
    return who.get(f"/api/v1/proposals/{proposal_id}/document.{ending}")


def test_a_member_takes_a_filed_proposal_home(city):
    author, staff, reader = city.member("沈𬭎"), city.staff(), city.member()
    opened_window(staff, "十六届二次会议")
    proposal_id = filed(city, author, staff)

    in_word, in_pdf = (document(reader, proposal_id, ending) for ending in ("docx", "pdf"))

    assert in_word.status_code == in_pdf.status_code == 200
    assert paragraphs(in_word.content)[:3] == [
        "政协云川市第十六届委员会第二次会议",
        "第1号提案",
        TEXT["title"],
    ]
    assert tables(in_word.content)[1][1] == ["提案人", "沈𬭎", "经济界", "委员"]
    assert TEXT["situation"] in text_of(in_pdf.content)
    assert name_of(in_word) == f"第1号提案 {TEXT['title']}.docx"
    assert in_word.headers["content-disposition"].startswith('attachment; filename="_1___ ')
    assert in_word.headers["content-type"].endswith("wordprocessingml.document")
    assert in_pdf.headers["content-disposition"].startswith("inline; ")
    assert in_pdf.headers["content-type"] == "application/pdf"
    assert in_word.headers["cache-control"] == in_pdf.headers["cache-control"] == "no-store"
    assert exported(city) == [
        (reader.account_id, "proposal.exported", proposal_id, {"format": "docx"}),
        (reader.account_id, "proposal.exported", proposal_id, {"format": "pdf"}),
    ]


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_what_may_not_be_read_is_404_and_leaves_no_trace(city, ending):
    author, staff = city.member(), city.staff()
    opened_window(staff)
    proposal_id = drafted(author)
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    strangers = (
        city.member(),
        staff,
        city.staff(Role.LEADER),
        city.staff(Role.UNIT_OFFICER),
        elsewhere.staff(),
    )
    assert {document(who, proposal_id, ending).status_code for who in strangers} == {404}
    assert document(author, proposal_id, ending).status_code == 200
    done(author, proposal_id, "submit")
    assert document(staff, proposal_id, ending).status_code == 200
    assert document(strangers[0], proposal_id, ending).status_code == 404
    assert document(city.staff(Role.AUDITOR), proposal_id, ending).status_code == 403
    assert city.anonymous().get(f"/api/v1/proposals/{proposal_id}/document.{ending}").status_code == 401
    assert [account for account, *_ in exported(city)] == [author.account_id, staff.account_id]


def test_only_those_who_have_signed_stand_in_the_document(city):
    author, signer, silent = city.member("沈文"), city.member("钱岚", sector=1), city.member("孙禾")
    proposal_id = drafted(author, kind="joint")
    invited = {"seat_ids": [signer.seat_id, silent.seat_id]}
    author.post(f"/api/v1/proposals/{proposal_id}/signers", invited)
    signer.put(f"/api/v1/proposals/{proposal_id}/signature", {"accept": True})
    docx = document(author, proposal_id, "docx").content
    assert tables(docx)[1][1:] == [["提案人", "沈文", "经济界", "委员"], ["联名人", "钱岚", "教育界", "委员"]]
    assert paragraphs(docx)[1] == "提案（草稿）"
    assert "孙禾" not in text_of(document(author, proposal_id, "pdf").content)


def test_an_empty_draft_is_a_document_too(city):
    author = city.member()
    proposal_id = author.post("/api/v1/proposals", {}).json()["id"]
    for ending in ("docx", "pdf"):
        answer = document(author, proposal_id, ending)
        assert answer.status_code == 200
        assert name_of(answer) == f"提案（草稿）.{ending}"


def letter(who, proposal_id: int, reply_id: int, ending: str):
    return who.get(f"/api/v1/proposals/{proposal_id}/replies/{reply_id}/document.{ending}")


def test_a_reply_is_a_letter_once_it_was_sent(city):
    author, staff, officer, reader = (
        city.member("沈𬭎"),
        city.staff(),
        city.staff(Role.UNIT_OFFICER),
        city.member(),
    )
    opened_window(staff, "十六届二次会议")
    proposal_id = filed(city, author, staff)
    (assignment,) = assigned(city, staff, proposal_id, lead=0).values()
    worked(officer, proposal_id, assignment, "sign", "start_handling")
    reply_id = wrote(officer, proposal_id, assignment).json()["id"]
    worked(officer, proposal_id, assignment, "submit_reply")
    assert {letter(who, proposal_id, reply_id, "pdf").status_code for who in (author, staff, officer)} == {
        404
    }
    worked(staff, proposal_id, assignment, "approve_reply")

    in_word, in_pdf = (letter(reader, proposal_id, reply_id, ending) for ending in ("docx", "pdf"))

    day = clock.local_day(clock.now())
    said = [text for text in paragraphs(in_word.content) if text]
    assert said[:5] == [
        "市教育局",
        "办理结果：A类（已经解决或采纳）",
        "对政协云川市第十六届委员会第二次会议第1号提案的答复",
        "沈𬭎委员：",
        REPLY["body"],
    ]
    assert said[5:] == ["市教育局", f"{day.year}年{day.month}月{day.day}日", "联系人：办公室 0551-1234567"]
    assert name_of(in_word) == "第1号提案 市教育局的答复.docx"
    assert "对政协云川市第十六届委员会第二次会议第1号提案的答复" in text_of(in_pdf.content)
    assert exported(city)[-1][1:] == (
        "proposal.exported",
        proposal_id,
        {"format": "pdf", "reply_id": reply_id},
    )
    other = drafted(author)
    assert letter(author, other, reply_id, "pdf").status_code == 404, "of another proposal"
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    assert letter(elsewhere.staff(), proposal_id, reply_id, "docx").status_code == 404


def test_the_opinion_of_a_helping_unit_is_no_letter(city):
    author, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    helper = city.staff(Role.UNIT_OFFICER, unit=city.unit("市财政局"))
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    first, second = assigned(city, staff, proposal_id, lead=0, co=1).values()
    advice = replied(helper, staff, proposal_id, second)
    sent = replied(officer, staff, proposal_id, first)
    assert letter(author, proposal_id, advice, "docx").status_code == 404
    assert letter(author, proposal_id, sent, "docx").status_code == 200
