"""A signature stands for the text that was signed: a changed one asks again, and who does not confirm is no signer."""

import pytest

from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.proposals import TEXT, done, invited, opened_window, run
from tests.factories.files import key_of

RULES = "/api/v1/proposal-rules"


@pytest.fixture
def cast(city):
    """The secretariat, an author, and two who have signed."""
    staff, author, friend, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member("郑一")
    opened_window(staff)
    path = invited(author, friend, other)
    for who in (friend, other):
        assert signs(who, path).status_code == 200
    return staff, author, friend, other, path


def signs(who, path, **read):
    return who.put(f"{path}/signature", {"accept": True, **read})


def edited(author, path, **changes):
    version = author.get(path).json()["version"]
    answer = author.put(path, TEXT | {"kind": "joint"} | changes, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(who, path) -> dict[str, str]:
    return {s["name"]: s["state"] for s in who.get(path).json()["signers"]}


def test_a_changed_request_asks_again_and_only_those_who_confirm_are_counted(city, cast):
    _staff, author, friend, other, path = cast
    for words in ("一、新建二十处。", "一、新建三十处。"):  # told once, however often the phone saves
        seen = edited(author, path, suggestions=words)
    assert states(author, path) == {"周岚": "accepted", "吴远": "unconfirmed", "郑一": "unconfirmed"}
    assert news(city, friend)[1:] == [f"您联名的提案《{TEXT['title']}》修改了具体建议，请看过后再次确认"]
    assert seen["cosigner_count"] == 0
    assert seen["advice"][-1] == "吴远、郑一还没有再次确认修改后的文稿，提交后不计为联名人。"
    alone = run(author, seen["id"], "submit")
    assert (alone.status_code, alone.json()["errors"][0]["field"]) == (422, "signers")

    asked = friend.get(path).json()
    assert (asked["changed_since_signed"], asked["signed_version"], asked["may"]) == (
        ["suggestions"],
        1,
        ["answer"],
    )
    [before] = friend.get(f"{path}/versions").json()["items"]
    assert before["version"] == 1
    assert friend.get(f"{path}/versions/1").json()["suggestions"] == TEXT["suggestions"]
    assert friend.get(f"{path}/versions/2").status_code == 404
    stale = signs(friend, path, version=2)
    assert (stale.status_code, stale.json()["code"]) == (409, "text_changed")
    assert signs(friend, path, version=3, attachments=[]).json()["state"] == "accepted"
    assert news(city, author)[-1] == f"吴远再次确认联名提案《{TEXT['title']}》"

    done(author, seen["id"], "submit")
    assert states(author, path) == {"周岚": "accepted", "吴远": "accepted", "郑一": "lapsed"}
    assert states(friend, path) == {"周岚": "accepted", "吴远": "accepted"}
    assert news(city, other)[-1].endswith("修改后您没有再次确认，不计为联名人")
    assert live_acts(city, other) == []
    track = author.get(f"{path}/track").json()["steps"]
    assert track[-1]["data"]["not_counted"] == 1
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_does_not_confirm_a_revision_loses_the_credit_of_the_submission(city, cast):
    staff, author, friend, other, path = cast
    proposal_id = int(path.rpartition("/")[2])
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "return_for_revision", reason="请补充。")
    edited(author, path, title="关于增设社区托育点的建议")
    assert live_acts(city, friend) == live_acts(city, other) == []
    signs(friend, path, version=2)
    done(author, proposal_id, "submit")
    assert live_acts(city, friend) == [("proposal.submitted", "participant", "city")]
    assert live_acts(city, other) == []
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_text_that_is_as_it_was_signed_needs_no_confirmation(city, cast):
    *_, author, friend, _, path = cast
    edited(author, path, suggestions="别的。")
    edited(author, path, suggestions=f"  {TEXT['suggestions']}\n")
    assert states(author, path)["吴远"] == "accepted"
    edited(author, path, situation="另一种情况。")  # not asked by default, only told as before
    assert states(author, path)["吴远"] == "accepted"
    assert news(city, friend)[-1] == f"您联名的提案《{TEXT['title']}》有修改"


@pytest.mark.parametrize(
    ("rule", "change", "asked"),
    [
        ("any", {"situation": "另一种情况。"}, True),
        ("never", {"title": "关于别的事的建议"}, False),
        ("substance", {"files": True}, True),
        ("never", {"files": True}, False),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_organization_says_after_which_changes(cast, rule, change, asked):
    staff, author, friend, _, path = cast
    staff.put(RULES, {"ask_again": rule})
    if change.pop("files", None):
        keys = [key_of(author)]
        assert author.put(f"{path}/attachments", {"keys": keys}).status_code == 200
    else:
        edited(author, path, **change)
    assert (states(author, path)["吴远"] == "unconfirmed") is asked
    if asked and rule == "substance":
        assert friend.get(path).json()["changed_since_signed"] == ["attachments"]
        assert signs(friend, path, version=1, attachments=[]).json()["code"] == "text_changed"
        assert signs(friend, path, version=1, attachments=keys).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_return_is_not_undone_while_other_files_wait_for_signatures(cast):
    staff, author, *_, path = cast
    number = int(path.rpartition("/")[2])
    done(author, number, "submit")
    done(staff, number, "return_for_revision", reason="请补附件")
    [*_, step] = staff.get(f"{path}/track").json()["steps"]
    assert author.put(f"{path}/attachments", {"keys": [key_of(author)]}).status_code == 200
    undone = staff.post(f"{path}/undo", {"step_id": step["id"], "reason": "点错了"})
    assert (undone.status_code, undone.json()["code"]) == (409, "not_undoable")
    assert states(author, path)["吴远"] == "unconfirmed"
