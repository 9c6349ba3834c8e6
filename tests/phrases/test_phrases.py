"""Phrases of the office: a start set, kept by who takes such decisions, for one's own organization alone."""

from itertools import chain

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.areas import Area
from app.auth.permissions import Role
from app.core.sql import table
from app.phrases.kinds import PhraseKind
from tests.factories.city import City

PATH = "/api/v1/phrases"
DECLINE = "proposal.decline"


def offered(who):
    answer = who.get(PATH)
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one for one in answer.json()["items"]}


def keep(who, texts, version=0, kind=DECLINE):
    return who.put(f"{PATH}/{kind}", {"texts": texts}, headers={"If-Match": f'"{version}"'})


def test_an_office_starts_with_a_set_and_keeps_its_own(city):
    staff, colleague = city.staff(), city.staff(name="机关乙")
    start = offered(staff)
    assert start.keys() == {kind.value for kind in PhraseKind}
    assert all(one["texts"] and one["version"] == 0 and one["may_change"] for one in start.values())
    assert start[DECLINE]["kind_label"] == "提案不予立案"

    first = start[DECLINE]["texts"]
    added = keep(staff, [*first, "请与去年第 12 号提案对照。"])
    assert (added.status_code, added.json()["version"]) == (200, 1)
    assert offered(colleague)[DECLINE]["texts"][-1] == "请与去年第 12 号提案对照。"
    turned = list(reversed(added.json()["texts"]))
    assert keep(colleague, turned, 1).json()["texts"] == turned
    assert keep(colleague, turned, 1).json()["version"] == 2, "a retry is no conflict"
    assert keep(staff, [], 2).json()["texts"] == []
    assert offered(colleague)[DECLINE]["texts"] == [], "nothing is brought back"
    assert offered(staff)["proposal.merge"]["version"] == 0


def test_who_was_slower_gets_the_present_ones(city):
    staff, colleague = city.staff(), city.staff(name="机关乙")
    assert keep(staff, ["甲"]).status_code == 200
    for version in (0, 7):
        stale = keep(colleague, ["乙"], version)
        assert (stale.status_code, stale.json()["current"]["texts"]) == (412, ["甲"])
    assert keep(colleague, ["甲", "乙"], 1).status_code == 200


@pytest.mark.parametrize(
    "texts", [["甲", "甲"], [""], ["  "], ["两\n行"], ["字" * 201], [f"{i}" for i in range(31)]]
)
def test_what_is_no_phrase_is_refused(city, texts):
    staff = city.staff()
    assert keep(staff, texts).status_code == 422
    assert offered(staff)[DECLINE]["version"] == 0
    assert keep(staff, ["甲"], kind="proposal.dance").status_code == 422


def test_phrases_are_of_those_who_decide(city):
    editor = city.staff(name="编辑", office=city.office("信息科", Area.INFORMATION))
    kinds = offered(editor).keys()
    assert {kind.partition(".")[0] for kind in kinds} == {"opinion", "lead"}
    assert keep(editor, ["甲"]).status_code == 404
    assert keep(editor, ["甲"], kind="opinion.return").status_code == 200
    reviewer = city.staff(name="初审员", office=city.office("提案一科", Area.FIRST_REVIEW))
    assert {"proposal.decline", "proposal.merge"} <= offered(reviewer).keys()
    assert "proposal.send_back" not in offered(reviewer)

    committee = city.staff(name="专委会", office=city.office("文史委办", Area.COMMITTEES, committee=1))
    of_committee = offered(committee)
    assert not any(one["may_change"] for one in of_committee.values()), "they are the whole office's"
    for kind in of_committee:
        refused = keep(committee, ["甲"], kind=kind)
        assert (refused.status_code, refused.json()["code"]) == (403, "whole_office_only")
    for role in (Role.LEADER, Role.UNIT_OFFICER, Role.SYSTEM_ADMIN, Role.AUDITOR):
        other = city.staff(role)
        assert other.get(PATH).status_code == keep(other, ["甲"]).status_code == 403
    assert city.member().get(PATH).status_code == 403


def test_another_organization_has_its_own(city, app, database):
    staff = city.staff()
    assert keep(staff, ["甲"]).status_code == 200
    theirs = City(app, database, name="政协柳溪县委员会").staff()
    assert offered(theirs)[DECLINE]["version"] == 0
    assert keep(theirs, ["丙"]).status_code == 200
    assert offered(staff)[DECLINE]["texts"] == ["甲"]


def test_keeping_is_audited_without_the_words(city):
    staff = city.staff()
    keep(staff, ["张三的提案不予立案。"])
    keep(staff, ["张三的提案不予立案。"], 1)
    e = table(AuditEntry)
    with city.database.read.connect() as conn:
        rows = conn.execute(select(e.c.account_id, e.c.detail).where(e.c.action == "phrases.kept")).all()
    assert [(row.account_id, row.detail) for row in rows] == [
        (staff.account_id, {"kind": DECLINE, "phrases": 1})
    ]


def test_the_start_set_fits_its_own_rules():
    assert all(0 < len(text) <= 200 for text in chain.from_iterable(kind.start for kind in PhraseKind))
    assert all(len(set(kind.start)) == len(kind.start) for kind in PhraseKind)
