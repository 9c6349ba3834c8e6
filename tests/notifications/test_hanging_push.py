"""A push service that hangs holds up nobody: no other job, no other service, no end of the worker."""

import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from app import worker
from app.core import clock, outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from app.notifications.push import sender, service
from tests.factories.processes.push import PushService
from tests.notifications.hanging import hanging
from tests.support.servers import environment, lvyi, process

ALL_ARE_PUBLIC = "from app.notifications.push import sender; sender.is_public = lambda _address: True"
#: It takes three seconds; a busy machine stands still for some more, a hanging push for ever.
ENDS_IN = 20
_j = table(Job)


@pytest.fixture
def config(config):
    return config.model_copy(update={"push_contact": "it@example.org"})


@pytest.fixture
def pushing(config, monkeypatch):
    """Pushes are sent, to this machine too."""
    service.configure(config)
    monkeypatch.setattr(sender, "is_public", lambda _address: True)
    yield
    service.configure(config.model_copy(update={"push_contact": None}))


def enqueue(database, endpoint: str, number: int = 1) -> None:
    new = PushService().subscription(endpoint)
    with database.transaction() as db:
        for n in range(number):
            outbox.enqueue(
                db,
                "notification.pushed",
                f"{endpoint}{n}",
                endpoint=endpoint,
                title="测试",
                path="/",
                at=int(clock.now().timestamp()),
                **new["keys"],
            )


@contextmanager
def working(database, config):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(database, config, stop), daemon=True)
    thread.start()
    yield
    stopped = time.monotonic()
    stop.set()
    thread.join(10)
    assert time.monotonic() - stopped < 5


def wait(until, seconds: float) -> float:
    start = time.monotonic()
    while not until():
        assert time.monotonic() - start < seconds
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.mark.parametrize("manner", ["silent", "dripping"])
def test_other_jobs_and_other_services_overtake_one_that_hangs(database, config, pushing, manner):
    done = threading.Event()
    outbox.handles("test.done")(lambda _db, _payload: done.set())
    with hanging(manner) as endpoint, answering() as (good, taken):
        enqueue(database, endpoint, 40)
        enqueue(database, good)
        with working(database, config):
            wait(lambda: attempts(database) > 0, 5)  # the first ones hang now
            with database.transaction() as db:
                outbox.enqueue(db, "test.done", "1")
            assert done.wait(2.5)
            # four hang together, then their host is paused, and all that go there are put off
            wait(lambda: taken, 10)
            wait(lambda: put_off(database) == 40, 10)
        with database.read.connect() as conn:
            assert conn.scalar(select(func.max(_j.c.attempts)).where(_j.c.done_at.is_(None))) == 0


@pytest.mark.parametrize("manner", ["silent", "dripping"])
def test_one_push_takes_no_longer_than_its_deadline(config, pushing, manner):
    with hanging(manner) as endpoint:
        assert sender.DEADLINE_SECONDS <= seconds_of_a_push(endpoint) < sender.DEADLINE_SECONDS + 1.5


def test_nor_does_one_whose_name_is_not_resolved(config, pushing, monkeypatch):
    def look_up(*_args, **_more):
        time.sleep(8)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert seconds_of_a_push("https://slow.example.org/a") < sender.DEADLINE_SECONDS + 1.5


def seconds_of_a_push(endpoint: str) -> float:
    assert service._sender is not None
    keys = PushService().subscription()["keys"]
    start = time.monotonic()
    with pytest.raises(sender.UnreachableError):
        service._sender.send(endpoint, keys["p256dh"], keys["auth"], {})
    return time.monotonic() - start


def test_who_writes_while_a_push_hangs_does_not_wait_for_it(database, config, pushing):
    """SQLite has one writer."""
    with hanging("silent") as endpoint:
        enqueue(database, endpoint)
        thread = threading.Thread(target=outbox.run_due, args=(database,))
        thread.start()
        wait(lambda: attempts(database) > 0, 5)
        start = time.monotonic()
        with database.transaction() as db:
            outbox.enqueue(db, "test.unknown", "1")
        assert time.monotonic() - start < 1.5
        assert thread.is_alive()
        thread.join(10)


def test_a_worker_in_a_hanging_push_ends_all_the_same(database, config):
    with hanging("dripping") as endpoint:
        enqueue(database, endpoint, 10)
        started = subprocess.Popen(lvyi("worker", first=ALL_ARE_PUBLIC), env=environment(config))
        try:
            wait(lambda: attempts(database) > 0, 60)
            started.send_signal(signal.SIGTERM)
            assert started.wait(ENDS_IN) == 0
        finally:
            started.kill()
            started.wait(10)


def test_a_server_on_sqlite_in_a_hanging_push_ends_all_the_same(sqlite_url, tmp_path):
    config = Settings(
        _env_file=None,
        database_url=sqlite_url,
        data_dir=tmp_path,
        token_secret=SecretStr("test-secret-test-secret-test-secret!"),
        push_contact="it@example.org",
    )
    database = Database.connect(sqlite_url, pool=1)
    with hanging("dripping") as endpoint, process(config, first=ALL_ARE_PUBLIC) as server:
        enqueue(database, endpoint, 10)
        wait(lambda: attempts(database) > 0, 15)
        server.stop(ENDS_IN)
    database.dispose()


def attempts(database) -> int:
    with database.read.connect() as conn:
        return conn.scalar(select(func.max(_j.c.attempts))) or 0


def put_off(database) -> int:
    with database.read.connect() as conn:
        waits = (_j.c.done_at.is_(None), _j.c.leased_until.is_(None), _j.c.run_at > clock.now())
        return conn.scalar(select(func.count()).where(*waits)) or 0


@contextmanager
def answering():
    """A push service that takes everything at once."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            taken.append(client.recv(4000))
            client.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
            client.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
