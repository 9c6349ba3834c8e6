import time
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import QueuePool, update

from app.auth import subjects
from app.auth.models import LoginSession
from app.core import clock, live
from app.core.sql import table
from app.notifications.live import hub, transport, visibility
from tests.factories.circle.live import behind_the_hub, emit
from tests.factories.city import City, Who
from tests.support.servers import listening, process, serving


@pytest.fixture
def seen() -> set[int]:
    """The accounts that may see the subjects of type `test_secret`."""
    accounts: set[int] = set()
    subjects.register(
        subjects.Subject(
            "test_secret",
            "秘",
            lambda _c, actor, ids: set(ids) if actor.account_id in accounts else set(),
            "/{id}",
        )
    )
    return accounts


def test_two_members_hear_of_a_change_within_a_second(city, url):
    with listening(url, city.member()) as one, listening(url, city.member()) as two:
        started = time.monotonic()
        emit(city, update_id=7)
        heard = [one.next(1), two.next(1)]
        assert time.monotonic() - started < 1
    assert (
        heard[0]
        == heard[1]
        == {
            "id": "1",
            "event": "update.posted",
            "data": {"channel": "feed", "subject_type": None, "subject_id": None, "update_id": 7},
        }
    )


def test_a_stream_resumes_with_exactly_what_was_missed(city, url):
    member = city.member()
    with listening(url, member) as stream:
        for i in range(3):
            emit(city, n=i)
        heard = [stream.next() for _ in range(3)]
    for i in range(3, 8):
        emit(city, n=i)
    with listening(url, member, last=heard[1]["id"]) as stream:
        emit(city, n=8)
        again = [stream.next() for _ in range(7)]
        assert stream.quiet()
    assert [e["data"]["n"] for e in again] == [2, 3, 4, 5, 6, 7, 8]
    assert [int(e["id"]) for e in again] == list(range(3, 10))


def test_nothing_is_lost_between_connecting_and_committing(city, url):
    member = city.member()
    for turn in range(5):
        with listening(url, member) as stream:
            for i in range(10):
                emit(city, turn=turn, n=i)
            assert [stream.next()["data"]["n"] for _ in range(10)] == list(range(10))


def test_what_is_for_one_account_never_reaches_another(city, url):
    mine, other = city.member(), city.member()
    with listening(url, mine) as my_stream, listening(url, other) as other_stream:
        emit(city, "notification.added", account_id=mine.account_id)
        assert my_stream.next()["event"] == "notification.added"
        assert other_stream.quiet()
    with listening(url, other, last="0") as resumed:
        assert resumed.quiet()


def test_another_organization_hears_nothing(city, url):
    elsewhere = City(city.app, city.database, name="政协远山市委员会")
    with listening(url, elsewhere.member()) as stream:
        emit(city)
        assert stream.quiet()


def test_a_subject_is_named_only_to_those_who_may_see_it(city, url, seen):
    mine, other = city.member(), city.member()
    seen.add(mine.account_id)
    with listening(url, mine) as my_stream, listening(url, other) as other_stream:
        emit(city, "secret.changed", subject=("test_secret", 5))
        emit(city, "nobody.knows", subject=("never_registered", 1))
        emit(city, "update.posted")
        assert my_stream.next()["data"]["subject_id"] == 5
        assert my_stream.next()["event"] == "update.posted"
        assert other_stream.next()["event"] == "update.posted"
        seen.add(other.account_id)  # a right that comes is believed at once
        emit(city, "secret.changed", subject=("test_secret", 5))
        assert other_stream.next()["event"] == "secret.changed"


def test_a_right_that_went_is_not_believed_for_long(city, url, seen, monkeypatch):
    monkeypatch.setattr(visibility, "CACHED_SECONDS", 0)
    member = city.member()
    seen.add(member.account_id)
    with listening(url, member) as stream:
        emit(city, "secret.changed", subject=("test_secret", 5))
        assert stream.next()["event"] == "secret.changed"
        seen.discard(member.account_id)
        emit(city, "secret.changed", subject=("test_secret", 5))
        emit(city, "update.posted")
        assert stream.next()["event"] == "update.posted"


def test_the_stream_ends_with_its_session(city, url):
    member = city.member()
    with listening(url, member) as stream:
        with city.database.transaction() as db:
            s = table(LoginSession)
            db.execute(update(s).where(s.c.id == member.session_id).values(revoked_at=clock.now()))
            live.emit(db, city.organization_id, "account", "session.revoked", account_id=member.account_id)
        assert stream.next()["event"] == "session.revoked"
        assert stream.next(2) == {}
    assert httpx.get(f"{url}/api/v1/events", headers=dict(member.http.headers)).status_code == 401


def test_a_session_that_ran_out_is_noticed_without_an_event(city, monkeypatch):
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    with serving(city.app) as quicker:
        member, other = city.member(), city.member()
        with listening(quicker, member) as stream, listening(quicker, other) as untouched:
            with city.database.transaction() as db:
                s = table(LoginSession)
                ended = clock.now() - timedelta(seconds=1)
                db.execute(update(s).where(s.c.id == member.session_id).values(expires_at=ended))
            assert stream.next(3) == {}
            assert untouched.quiet()


def test_a_client_that_missed_too_much_is_told_to_fetch_anew(city, url):
    member = city.member()
    emit(city, "feed.old")
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        for _ in range(3):
            emit(city)
        with city.database.transaction() as db:
            live.forget_old(db)
    for unknown in ("0", "4000"):
        with listening(url, member, last=unknown) as stream:
            reset = stream.next()
            assert (reset["event"], reset["id"], reset["data"]) == ("reset", "4", {})
            assert reset["retry"]
    with listening(url, member, last="1") as stream:
        assert [stream.next()["id"] for _ in range(3)] == ["2", "3", "4"]
    assert (
        httpx.get(f"{url}/api/v1/events", headers={**member.http.headers, "Last-Event-ID": "x"}).status_code
        == 422
    )


def all_are_back(pools: list[QueuePool]) -> bool:
    """Whether no connection is out; on a busy machine those that began may still be asking for a while."""
    end = time.monotonic() + 10
    while any(pool.checkedout() for pool in pools) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(pool.checkedout() for pool in pools)


def test_idle_streams_hold_no_connection(city, url):
    members = [city.member() for _ in range(10)]
    pools = [engine.pool for engine in (city.database.read, city.database.write)]
    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(listening(url, members[i % 10])) for i in range(50)]
        assert all_are_back(pools)
        emit(city)
        assert all(s.next()["event"] == "update.posted" for s in streams)
        assert all_are_back(pools)


def test_an_account_opens_only_so_many_streams(city, url, monkeypatch):
    monkeypatch.setattr(hub, "STREAMS_OF_ACCOUNT", 2)
    member = city.member()
    with listening(url, member), listening(url, member):
        third = httpx.get(f"{url}/api/v1/events", headers=dict(member.http.headers))
        assert (third.status_code, third.json()["code"]) == (429, "too_many_streams")
    end = time.monotonic() + 5
    while city.app.state.hub.organizations and time.monotonic() < end:
        time.sleep(0.05)
    with listening(url, member) as stream:
        emit(city)
        assert stream.next()["event"] == "update.posted"


def test_the_stream_is_for_those_who_are_logged_in(url):
    assert httpx.get(f"{url}/api/v1/events").status_code == 401


def test_processes_share_events_and_end_within_five_seconds(city, config):
    one_member, other = city.member(), city.member()
    with (
        process(config) as one,
        process(config) as two,
        listening(one.url, one_member) as a,
        listening(two.url, other) as b,
    ):
        _post(two.url, other)
        expected = {"update.posted"}
        heard = [_until(stream, expected) for stream in (a, b)]
        assert heard[0]["id"] == heard[1]["id"]
        with ExitStack() as open_streams:
            for _ in range(10):
                open_streams.enter_context(listening(one.url, one_member))
            assert one.stop() < 5
            assert two.stop() < 5
        while a.next():
            pass


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_broken_listening_connection_is_made_again_and_catches_up(city, url):
    with listening(url, city.member()) as stream:
        with city.database.write.connect() as conn:
            listening_ones = (
                "select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%%'"
            )
            assert conn.exec_driver_sql(listening_ones + " and datname = current_database()").all() == [
                (True,)
            ]
        behind_the_hub(city)
        assert stream.next(5)["event"] == "update.posted"
        behind_the_hub(city)
        assert stream.next(1)["event"] == "update.posted"


def test_redis_carries_events_between_processes(city, config, redis_url, monkeypatch):
    monkeypatch.setattr(transport, "_POLL_SECONDS", {"sqlite": 60, "postgresql": 60})
    city.app.state.settings = config.model_copy(update={"redis_url": redis_url})
    with serving(city.app) as url, listening(url, city.member()) as stream:
        with transport.publishing(redis_url), monkeypatch.context() as elsewhere:
            elsewhere.setattr(live, "_wake", live._wake[-1:])  # the publisher of another process, not our hub
            emit(city)
            assert stream.next(2)["event"] == "update.posted"
        emit(city, "update.edited")
        assert stream.next(1)["event"] == "update.edited"


def _post(url: str, who: Who) -> None:
    new = {"body": "今天走访了社区。", "kind": "visit"}
    posted = httpx.post(f"{url}/api/v1/updates", json=new, headers=dict(who.http.headers))
    assert posted.status_code == 201, posted.text


def _until(stream, names: set[str]):
    while event := stream.next(3):
        if event["event"] in names:
            return event
    raise AssertionError("the stream ended")
