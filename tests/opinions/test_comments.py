"""Leaders comment in their own name; staff write down the comments of leaders at any tier."""

from app.auth.models import AccountRole
from app.auth.permissions import Role
from tests.factories.ledger import live_acts, news
from tests.factories.opinions import TEXT, combined, done, issued, run, steps, submitted


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
