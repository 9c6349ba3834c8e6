"""Two decide at once, in two threads over two connections: one wins, and history has one row."""

from tests.factories.domains.ledger import live_acts
from tests.factories.domains.proposals import TEXT, done, drafted, opened_window, run
from tests.support.at_once import at_once


def test_of_two_decisions_one_wins(city):
    author, one, two = city.member(), city.staff(name="机关甲"), city.staff(name="机关乙")
    opened_window(one)
    for _ in range(5):
        proposal_id = drafted(author)
        done(author, proposal_id, "submit")
        answers = at_once(
            lambda p=proposal_id: run(one, p, "file"),
            lambda p=proposal_id: run(two, p, "decline", reason_code="empty"),
        )
        assert sorted(a.status_code for a in answers) == [200, 409]
        loser = next(a for a in answers if a.status_code == 409).json()
        track = author.get(f"/api/v1/proposals/{proposal_id}/track").json()
        assert loser["code"] == "illegal_transition"
        assert loser["state"] == track["state"] == track["steps"][-1]["to_state"]
        assert [s["action"] for s in track["steps"]][1:] == [
            {"filed": "file", "declined": "decline"}[track["state"]]
        ]


def test_official_numbers_have_no_gaps_and_no_doubles(city):
    author, staff = city.member(), [city.staff() for _ in range(4)]
    opened_window(staff[0])
    ids = [drafted(author) for _ in range(4)]
    for proposal_id in ids:
        done(author, proposal_id, "submit")
    answers = at_once(*(lambda s=s, p=p: run(s, p, "file") for s, p in zip(staff, ids, strict=True)))
    assert sorted(a.json()["number"] for a in answers) == [1, 2, 3, 4]
    assert len(live_acts(city, author)) == 8


def test_of_two_edits_from_one_version_one_is_stale(city):
    author = city.member()
    phone = city.log_in(author)
    path = f"/api/v1/proposals/{drafted(author)}"
    answers = at_once(
        *(
            lambda words=words: phone.put(path, TEXT | {"situation": words}, headers={"If-Match": '"1"'})
            for words in ("甲", "乙")
        )
    )
    assert sorted(a.status_code for a in answers) == [200, 412]
    stale = next(a for a in answers if a.status_code == 412).json()
    assert stale["current"]["version"] == 2
    assert len(author.get(f"{path}/versions").json()["items"]) == 2


def test_a_signature_and_the_submission_do_not_pass_each_other(city):
    author, friend, late, staff = city.member(), city.member(), city.member(), city.staff()
    opened_window(staff)
    for _ in range(3):
        proposal_id = drafted(author, kind="joint")
        path = f"/api/v1/proposals/{proposal_id}"
        author.post(f"{path}/signers", {"seat_ids": [friend.seat_id, late.seat_id]})
        friend.put(f"{path}/signature", {"accept": True})
        before = len(live_acts(city, late))
        _, signed = at_once(
            lambda p=proposal_id: done(author, p, "submit"),
            lambda path=path: late.put(f"{path}/signature", {"accept": True}),
        )
        credited = len(live_acts(city, late)) - before
        assert credited == (1 if signed.status_code == 200 else 0)


def test_two_proposals_are_not_merged_into_each_other(city):
    author, one, two = city.member(), city.staff(), city.staff()
    opened_window(one)
    for _ in range(10):
        first, second = (drafted(author) for _ in range(2))
        for proposal_id in (first, second):
            done(author, proposal_id, "submit")
        answers = at_once(
            lambda a=first, b=second: run(one, a, "merge", reason="同一主题", into_id=b),
            lambda a=second, b=first: run(two, a, "merge", reason="同一主题", into_id=b),
        )
        assert sorted(a.status_code for a in answers) == [200, 409]
