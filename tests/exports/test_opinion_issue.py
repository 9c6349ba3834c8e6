"""An opinion report as a printed issue: head, number, text, whose it is; for those who may read it."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.exports.reading import name_of, paragraphs, tables
from tests.factories.city import City
from tests.factories.domains.opinions import TEXT, combined, done, issued, steps, submitted, undo

DAY = datetime(2026, 11, 2, 2, tzinfo=UTC)


def document(who, report_id: int, query: str = ""):
    return who.get(f"/api/v1/opinions/{report_id}/document.docx{query}")


def test_an_issue_stands_in_the_customary_layout(city):
    author, staff = city.member("沈文"), city.staff()
    with clock.frozen_at(DAY):
        for who in (author, staff):
            city.log_in(who)
        waiting, report_id = submitted(author), issued(author, staff, body="第一段。\n第二段。")
        done(staff, report_id, "forward", tier="province")
        docx = document(author, report_id)
    for who in (author, staff):
        city.log_in(who)
    assert paragraphs(docx.content)[:7] == [
        "社情民意信息",
        "2026年第1期",
        "政协云川市委员会办公室\u3000\u30002026年11月2日",
        TEXT["title"],
        "第一段。",
        "第二段。",
        "（反映人：沈文（经济界））",
    ]
    name = steps(staff, report_id)[-1]["actor"]
    assert tables(docx.content) == [[["报送", "市级、省级"], ["编辑", name], ["签发", name]]]
    assert name_of(docx).startswith("社情民意信息 2026年第1期 ")
    assert paragraphs(document(staff, report_id, "?number=27").content)[1] == "2026年第27期"
    assert paragraphs(document(staff, waiting).content)[1] == "（已报送）"
    a = table(AuditEntry)
    exported = select(a.c.account_id).where(a.c.action == "opinion.exported").order_by(a.c.id)
    with city.database.read.connect() as conn:
        assert conn.scalars(exported).all() == [author.account_id, staff.account_id, staff.account_id]


def test_numbers_begin_anew_each_year_and_stay(city):
    author, staff = city.member("沈文"), city.staff()
    with clock.frozen_at(datetime(2025, 12, 31, 15, tzinfo=UTC)):  # 23:00 of the last day
        for who in (author, staff):
            city.log_in(who)
        issued(author, staff)
    with clock.frozen_at(datetime(2025, 12, 31, 17, tzinfo=UTC)):  # 01:00 of the first
        for who in (author, staff):
            city.log_in(who)
        first = issued(author, staff)
        undo(staff, first)
        parts = [submitted(author), submitted(author)]
        whole = combined(staff, *parts)
        done(staff, whole, "issue", tier="city")
        done(staff, first, "issue", tier="city")
        got = {of: staff.get(f"/api/v1/opinions/{of}").json() for of in (first, whole, *parts)}
        written = paragraphs(document(staff, whole).content)
    assert "（反映人：沈文（经济界））" in written
    assert [(one["issue_year"], one["issue_number"]) for one in got.values()] == [
        (2026, 1),
        (2026, 2),
        (None, None),
        (None, None),
    ]


def test_who_may_not_read_a_report_has_no_document(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    for stranger in (city.member(), city.staff(Role.LEADER), elsewhere.staff()):
        assert document(stranger, report_id).status_code == 404
    assert document(city.staff(Role.AUDITOR), report_id).status_code == 403
    assert city.anonymous().get(f"/api/v1/opinions/{report_id}/document.docx").status_code == 401
    assert document(staff, report_id, "?number=0").status_code == 422
    forged = document(author, report_id, "?number=27")
    assert (forged.status_code, forged.json()["code"]) == (403, "number_not_yours")
