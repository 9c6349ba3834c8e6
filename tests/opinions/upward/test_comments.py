"""Leaders comment in their own name; staff write down the comments of leaders at any tier."""

from app.auth.models import AccountRole
from app.auth.permissions import Role
from tests.exports.reading import rows
from tests.factories.domains.ledger import live_acts, news
from tests.factories.domains.opinions import TEXT, combined, done, issued, run, steps, submitted, undo


def leading_member(city, name):
    """A member who is a leader too, as vice chairs are."""
    who = city.member(name)
    with city.database.transaction() as db:
        db.add(AccountRole(account_id=who.account_id, organization_id=city.organization_id, role=Role.LEADER))
    return who


def test_a_leader_comments_in_their_own_name_at_their_own_tier(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER, "林主席")
    report_id = issued(author, staff, tier="province")
    (offered,) = leader.get(f"/api/v1/opinions/{report_id}").json()["actions"]
    asks = {name for name, asked in offered.items() if name.startswith("needs_") and asked}
    assert (offered["action"], asks) == ("comment", {"needs_words"})
    commented = done(leader, report_id, "comment", words="请提案委跟进。")
    assert (commented["comment_count"], commented["tier"]) == (1, "province")
    last = steps(author, report_id)[-1]
    assert (last["actor"], last["leader"], last["tier"]) == ("林主席", "林主席", "city")
    assert last["words"] == "请提案委跟进。"
    assert news(city, author)[-1] == f"信息《{TEXT['title']}》获林主席批示"
    assert news(city, staff) == [f"信息《{TEXT['title']}》获林主席批示"], "whoever issued it hears of it"
    assert live_acts(city, author)[-1] == ("opinion.commented", "lead", "city")


def test_a_leader_speaks_for_nobody_else(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER)
    report_id = issued(author, staff)
    forged = run(leader, report_id, "comment", tier="national", leader="国家领导人", words="好。")
    assert forged.status_code == 422
    assert [e["field"] for e in forged.json()["errors"]] == ["tier", "leader"]
    assert run(leader, report_id, "comment").json()["errors"][0]["field"] == "words"
    for action in ("adopt", "forward", "issue"):
        assert run(leader, report_id, action, tier="city").status_code in {403, 409}
    assert run(author, report_id, "comment", words="好。").status_code == 403


def test_a_leader_does_not_comment_on_what_is_their_own(city):
    leader, other, staff = leading_member(city, "林主席"), city.member(), city.staff()
    own = issued(leader, staff)
    whole = combined(staff, submitted(leader), submitted(other))
    done(staff, whole, "issue", tier="city")
    for report_id in (own, whole):
        refused = run(leader, report_id, "comment", words="很好。")
        assert (refused.status_code, refused.json()["code"]) == (403, "own_report")
        offered = leader.get(f"/api/v1/opinions/{report_id}").json()["actions"]
        assert "comment" not in {a["action"] for a in offered}
    theirs = issued(other, staff)
    assert done(leader, theirs, "comment", words="很好。")["comment_count"] == 1


def test_staff_write_down_comments_at_every_tier(city):
    author, staff = city.member(), city.staff()
    report_id = issued(author, staff)
    for tier, leader in (("county", "区长"), ("city", "市长"), ("province", "省长"), ("national", "部长")):
        done(staff, report_id, "comment", tier=tier, leader=leader, words=f"{leader}的话。")
    comments = [s for s in steps(author, report_id) if s["action"] == "comment"]
    assert [(s["tier_label"], s["words"]) for s in comments] == [
        ("区县", "区长的话。"),
        ("市级", "市长的话。"),
        ("省级", "省长的话。"),
        ("全国", "部长的话。"),
    ]
    assert sorted(level for kind, _, level in live_acts(city, author) if kind == "opinion.commented") == [
        "city",
        "county",
        "national",
        "province",
    ]


def test_a_comment_comes_after_the_issue(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER)
    report_id = submitted(author)
    assert run(leader, report_id, "comment", words="好。").status_code == 404
    early = run(staff, report_id, "comment", tier="city", leader="市长", words="好。")
    assert (early.status_code, early.json()["state"]) == (409, "submitted")


def test_issued_reports_without_a_comment_are_found_in_list_and_sheet(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER, "林主席")
    plain, commented, taken_back = (issued(author, staff, title=title) for title in ("甲", "乙", "丙"))
    for report_id in (commented, taken_back):
        done(leader, report_id, "comment", words="请研究。")
    assert undo(staff, taken_back).status_code == 200
    waiting = submitted(author)

    def ids(who, query):
        items = who.get(f"/api/v1/opinions?{query}").json()["items"]
        return {one["id"] for one in items}

    for who in (staff, leader):
        assert ids(who, "scope=issued&commented=false") == {plain, taken_back}
        assert ids(who, "scope=issued&commented=true") == {commented}
    assert ids(staff, "scope=issued") == {plain, commented, taken_back}
    assert ids(staff, "scope=desk&commented=false") == {waiting}
    assert ids(city.member(), "scope=issued&commented=false") == set(), "out of sight as ever"
    assert staff.get("/api/v1/opinions?commented=perhaps").status_code == 422

    query = "scope=issued&commented=false"
    sheet = staff.get(f"/api/v1/exports/opinions.xlsx?{query}")
    head, *found = rows(sheet.content)
    assert {row[head.index("题目")] for row in found} == {"甲", "丙"}
    view = {"desk": "opinions", "name": "等批示的", "query": query, "columns": [], "shared": False}
    assert staff.post("/api/v1/saved-views", view).status_code == 201
    [saved] = staff.get("/api/v1/saved-views?desk=opinions").json()["items"]
    assert ids(staff, saved["query"]) == {plain, taken_back}
