"""Streams that say what they watch: what reaches them and what never does."""

import httpx
import pytest
from sqlalchemy import delete

from app.auth import subjects
from app.auth.accounts.revocation import revoke
from app.auth.models import AccountRole, LoginSession
from app.auth.permissions import Role
from app.core.sql import table
from app.notifications.live import hub
from tests.factories.circle.live import behind_the_hub
from tests.factories.circle.posts import say
from tests.factories.circle.topics import published
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import filed, opened_window
from tests.factories.processes.streams import emit, names
from tests.support.servers import listening, serving


def watched(stream) -> dict:
    """The next event that is no notification."""
    while (event := stream.next())["event"] == "notification.added":
        pass
    return event


def thread_of(author: Who) -> int:
    """The thread under a new update."""
    posted = author.post("/api/v1/updates", {"body": "今天走访了社区。", "kind": "visit"})
    assert posted.status_code == 201, posted.text
    thread_id: int = posted.json()["thread_id"]
    return thread_id


def test_a_stream_hears_of_what_it_watches_and_of_what_is_for_its_account(city, url):
    member, other = city.member(), city.member()
    with (
        listening(url, member, watch=["feed/update.posted", "thread:1"]) as narrow,
        listening(url, member, watch=["own"]) as own,
        listening(url, other, watch=[f"bell:{member.account_id}", "own"]) as curious,
        listening(url, member) as everything,
    ):
        emit(city, "feed", "update.edited")
        emit(city, "feed", "update.posted")
        emit(city, "thread:2", "reply.supported")
        emit(city, "thread:1", "reply.supported")
        emit(city, f"bell:{member.account_id}", "notification.added", account_id=member.account_id)
        assert names(narrow, 3) == ["update.posted", "reply.supported", "notification.added"]
        assert names(own, 1) == ["notification.added"]
        assert curious.quiet()
        assert len(names(everything, 5)) == 5


def test_a_reply_is_one_event_for_who_watches_the_list_and_the_thread(city, url):
    author, reader = city.member(), city.member()
    thread_id = thread_of(author)
    both = ["feed", f"thread:{thread_id}"]
    with (
        listening(url, reader, watch=both) as of_both,
        listening(url, reader, watch=both[1:]) as of_thread,
        listening(url, reader) as without,
    ):
        reply = say(author, thread_id, "补充一句。")
        one = of_both.next()
        assert (one["event"], one["data"]["id"]) == ("reply.posted", reply["id"])
        assert [one["data"]["channel"], one["data"]["also"]] == both
        assert of_thread.next() == one
        assert of_both.quiet()
        apart = [without.next(), without.next()]
        assert [event["data"]["channel"] for event in apart] == both
        assert [event.get("id") for event in apart] == [None, one["id"]]
        assert all("also" not in event["data"] for event in apart)


def test_watching_gives_no_right(city, url):
    staff, inside, outside = city.staff(), city.member(sector=0), city.member(sector=1)
    elsewhere = City(city.app, city.database, name="政协远山市委员会").member()
    officer = city.staff(Role.UNIT_OFFICER, "承办甲")
    thread_id = published(staff, sector_ids=[city.sectors[0]])["thread_id"]
    watch = ["topics", f"thread:{thread_id}"]
    with (
        listening(url, inside, watch=watch) as invited,
        listening(url, outside, watch=watch) as uninvited,
        listening(url, elsewhere, watch=watch) as stranger,
        listening(url, officer, watch=watch) as of_unit,
    ):
        say(inside, thread_id, "建议先做试点。")
        assert watched(invited)["event"] == "reply.posted"
        assert uninvited.quiet()
        assert stranger.quiet()
        assert of_unit.quiet()
    for who in (outside, officer):
        with listening(url, who, last="0", watch=watch) as resumed:
            assert resumed.quiet()


def test_an_officer_hears_of_the_proposals_of_the_own_unit_alone(city, url):
    staff, author = city.staff(), city.member()
    second = city.unit("市民政局")
    of_first = city.staff(Role.UNIT_OFFICER, "承办甲", unit=0)
    of_second = city.staff(Role.UNIT_OFFICER, "承办乙", unit=second)
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    watch = [f"proposal:{proposal_id}"]
    with listening(url, of_first, watch=watch) as first, listening(url, of_second, watch=watch) as other:
        assigned(city, staff, proposal_id, lead=0)
        assert watched(first)["data"]["id"] == proposal_id
        assert other.quiet()


def test_a_member_who_was_removed_hears_nothing_more(city, monkeypatch):
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    member = city.member()
    with serving(city.app) as url, listening(url, member, watch=["feed"]) as stream:
        r = table(AccountRole)
        with city.database.transaction() as db:
            db.execute(delete(r).where(r.c.account_id == member.account_id))
        assert stream.next(3) == {}


def test_a_stream_ends_when_consent_is_withdrawn(city, monkeypatch):
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    member = city.member()
    with serving(city.app) as url, listening(url, member, watch=["feed"]) as stream:
        assert member.delete("/api/v1/auth/consent").status_code == 204
        assert stream.next(3) == {}


def test_the_stream_ends_with_its_session_whatever_it_watches(city, url):
    member = city.member()
    with listening(url, member, watch=["own"]) as stream:
        with city.database.transaction() as db:
            revoke(db, table(LoginSession).c.id == member.session_id, "logout")
        assert stream.next()["event"] == "session.revoked"
        assert stream.next(2) == {}


def test_a_stream_resumes_with_what_it_missed_of_what_it_watches(city, url):
    member, author = city.member(), city.member()
    thread_id = thread_of(author)
    watch = ["feed/update.posted", f"thread:{thread_id}"]
    with listening(url, member, watch=watch) as stream:
        say(author, thread_id, "第一条。")
        last = stream.next()["id"]
    emit(city, "topics", "topic.closed", count=5)
    missed = [say(author, thread_id, f"第{n}条。")["id"] for n in (2, 3)]
    emit(city, "feed", "update.edited")
    with listening(url, member, last=last, watch=watch) as stream:
        missed.append(say(author, thread_id, "第四条。")["id"])
        heard = [stream.next() for _ in range(3)]
        assert stream.quiet()
    assert [event["data"]["id"] for event in heard] == missed
    with listening(url, member, last=last, watch=["topics", *watch]) as wider:
        assert names(wider, 8) == ["topic.closed"] * 5 + ["reply.posted"] * 3


def test_a_ping_brings_the_newest_number_so_that_little_is_read_again(city, monkeypatch):
    monkeypatch.setattr(hub, "PING_SECONDS", 0.3)
    monkeypatch.setattr(hub, "REPLAYED", 5)
    member = city.member()
    with serving(city.app) as url:
        with listening(url, member, watch=["own"]) as stream:
            emit(city, "feed", "update.posted", count=20)
            assert stream.quiet(1)
            assert stream.pinged == "20"
        emit(city, "feed", "update.posted")
        with listening(url, member, last=stream.pinged, watch=["feed"]) as stream:
            assert stream.next()["event"] == "update.posted"
        with listening(url, member, last="0", watch=["feed"]) as stream:
            assert stream.next()["event"] == "reset"


def test_those_who_are_alike_are_asked_about_once(city, url):
    asked: list[int] = []

    def visible(_conn, actor, ids):
        asked.append(actor.account_id)
        return set(ids)

    subjects.register(
        subjects.Subject("test_common", "众", visible, "/{id}", lambda actor: actor.organization_id)
    )
    with (
        listening(url, city.member(), watch=["feed"]) as one,
        listening(url, city.member(), watch=["feed"]) as two,
        listening(url, city.member()) as three,
    ):
        for _ in range(2):
            emit(city, "feed", "common.changed", subject=("test_common", 5))
            assert {stream.next()["event"] for stream in (one, two, three)} == {"common.changed"}
    assert len(asked) == 1


def test_a_failed_look_at_the_rights_delays_events_and_loses_none(city, url):
    trouble = [True]

    def visible(_conn, _actor, ids):
        if trouble:
            trouble.pop()
            raise OSError("the database is away")
        return set(ids)

    subjects.register(subjects.Subject("test_away", "离", visible, "/{id}"))
    with listening(url, city.member(), watch=["feed"]) as stream:
        emit(city, "feed", "update.posted")
        emit(city, "feed", "away.changed", subject=("test_away", 5))
        assert names(stream, 2) == ["update.posted", "away.changed"]


@pytest.mark.parametrize("watch", ["feed update", "thread:x", "../feed", "feed/", "x" * 81])
def test_nonsense_is_not_watched(city, url, watch):
    answer = httpx.get(
        f"{url}/api/v1/events", params={"watch": watch}, headers=dict(city.member().http.headers)
    )
    assert answer.status_code == 422


def test_who_heard_from_a_process_that_is_ahead_hears_nothing_twice(city, url):
    member = city.member()
    with listening(url, member, watch=["feed"]) as stream:
        behind_the_hub(city)
        with listening(url, member, last="1", watch=["feed"]) as ahead:
            assert stream.next(15)["id"] == "1"  # the poll of this process
            assert ahead.quiet()
            emit(city, "feed", "update.edited")
            assert ahead.next()["id"] == "2"
