"""The documents of a proposal through the API: for those who may read it, audited, under its Chinese name."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.core.sql import table
from tests.exports.reading import name_of, paragraphs, tables, text_of
from tests.factories.city import City
from tests.factories.proposals import TEXT, done, drafted, filed, opened_window


def document(who, proposal_id: int, ending: str):
    return who.get(f"/api/v1/proposals/{proposal_id}/document.{ending}")


def exported(city: City) -> list[tuple]:
    a = table(AuditEntry)
    found = select(a.c.account_id, a.c.action, a.c.subject_id, a.c.detail).where(
        a.c.action.like("%.exported")
    )
    with city.database.read.connect() as conn:
        return [tuple(row) for row in conn.execute(found.order_by(a.c.id))]


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
