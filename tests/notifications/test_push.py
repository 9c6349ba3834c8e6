"""Web Push, against a push service that lives in the test and decrypts as a browser does."""

import socket
from datetime import timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select, update

from app.auth.models import LoginSession
from app.core import clock, outbox
from app.core.outbox import Job
from app.core.sql import table
from app.notifications.models import PushSubscription
from app.notifications.push import hosts as push_hosts
from app.notifications.push import sender
from app.notifications.push import service as push_service
from tests.factories.circle.posts import NEW
from tests.factories.city import City
from tests.factories.processes.push import PushService, coded, decoded

PATH = "/api/v1/push/subscription"


@pytest.fixture
def config(config):
    return config.model_copy(update={"push_contact": "it@example.org"})


@pytest.fixture
def service(app, monkeypatch) -> PushService:
    made = PushService()
    monkeypatch.setattr(push_service._sender, "_transport", httpx.MockTransport(made.answer))
    names_lead_to(monkeypatch, "93.184.215.14")
    return made


def names_lead_to(monkeypatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


def kept(city) -> int:
    with city.database.read.connect() as conn:
        return conn.scalar(select(func.count()).select_from(table(PushSubscription))) or 0


class Talk:
    """A member who has subscribed, and somebody who replies to them each time it is called."""

    def __init__(self, city: City, service: PushService) -> None:
        self.author, self.other = city.member("周岚"), city.member("沈文")
        assert self.author.put(PATH, service.subscription()).status_code == 204
        self.thread_id = self.author.post("/api/v1/updates", NEW).json()["thread_id"]

    def __call__(self) -> int:
        path = f"/api/v1/threads/{self.thread_id}/replies"
        return self.other.post(path, {"body": "赞成"}).json()["id"]


@pytest.fixture
def reply(city, service) -> Talk:
    return Talk(city, service)


def test_a_notification_reaches_the_phone_signed_and_encrypted(city, service, reply):
    reply_id = reply()
    assert service.taken == []
    outbox.run_due(city.database)
    assert service.texts() == [
        {
            "title": "沈文回复了您的动态",
            "path": f"/api/v1/replies/{reply_id}",
            "organization_id": city.organization_id,
        }
    ]
    (sent,) = service.taken
    assert (str(sent.url), sent.headers["Host"]) == ("https://93.184.215.14/v2/a1b2", "push.example.org")
    assert sent.extensions["sni_hostname"] == "push.example.org"
    assert sent.headers["Content-Encoding"] == "aes128gcm"
    token, key = (part.partition("=")[2] for part in sent.headers["Authorization"][6:].split(", "))
    assert key == reply.author.get("/api/v1/push/key").json()["key"]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    claims = jwt.decode(token, point, algorithms=["ES256"], audience="https://push.example.org")
    assert claims["sub"] == "mailto:it@example.org"


def test_what_is_gone_or_switched_off_when_it_is_sent_is_not_pushed(city, service, reply):
    gone = reply()
    reply.other.delete(f"/api/v1/replies/{gone}")
    outbox.run_due(city.database)
    assert service.taken == []
    setting = {"kind": "reply.received", "in_app": True, "push": False}
    reply.author.put("/api/v1/notifications/settings", {"items": [setting]})
    reply()
    outbox.run_due(city.database)
    assert service.taken == []
    assert reply.author.get("/api/v1/notifications/unread").json() == {"count": 1, "elsewhere": []}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_subscription_that_has_ended_is_forgotten(city, service, reply, status):
    service.status = status
    reply()
    outbox.run_due(city.database)
    assert kept(city) == 0
    asked = len(service.taken)
    assert asked == (1 if status != 403 else 2)  # with the present key, and with that of earlier releases
    reply()
    outbox.run_due(city.database)
    assert len(service.taken) == asked


def test_a_phone_that_subscribed_with_an_earlier_key_is_still_reached(city, service, reply, config):
    keys = [sender.Sender([seed], "it@example.org").key for seed in push_service.seeds(config)]
    service.known = keys[-1]

    reply()
    outbox.run_due(city.database)

    assert kept(city) == 1
    assert [request.headers["Authorization"].rpartition("k=")[2] for request in service.taken] == keys


def due_now(city) -> None:
    with city.database.transaction() as db:
        db.execute(update(table(Job)).values(run_at=clock.now()))
    outbox.run_due(city.database)


def test_a_push_service_in_trouble_is_asked_again_later(city, service, reply, monkeypatch):
    service.status = 503
    reply()
    outbox.run_due(city.database)
    service.status = 201
    reply()
    due_now(city)
    assert len(service.taken) == 1  # nor does anybody else ask it meanwhile
    monkeypatch.setattr("app.notifications.push.hosts.time.monotonic", lambda: 1e9)  # the pause is over
    due_now(city)
    assert (len(service.taken), kept(city)) == (3, 1)


def test_nothing_is_pushed_after_unsubscribing_or_to_a_session_that_is_over(city, service, reply):
    assert [reply.author.delete(PATH).status_code for _ in range(2)] == [204, 204]
    reply()
    reply.author.put(PATH, service.subscription())
    s = table(LoginSession)
    with city.database.transaction() as db:
        db.execute(update(s).where(s.c.id == reply.author.session_id).values(revoked_at=clock.now()))
    reply()
    outbox.run_due(city.database)
    assert service.taken == []


def test_one_browser_belongs_to_who_is_logged_in_there_now(city, service, reply):
    next_one = city.member()
    assert next_one.put(PATH, service.subscription()).status_code == 204
    reply()
    outbox.run_due(city.database)
    assert (service.taken, kept(city)) == ([], 1)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/a",
        "https://localhost/a",
        "https://push.example.org:8443/a",
        "https://me@push.example.org/a",
        "https://[/a",
        "ftp://push.example.org/a",
    ],
)
def test_an_endpoint_that_no_push_service_has_is_refused(city, service, endpoint):
    assert city.member().put(PATH, service.subscription(endpoint)).status_code == 422


def test_a_key_that_is_no_point_of_the_curve_is_refused(city, service):
    bad = service.subscription()
    bad["keys"]["p256dh"] = coded(b"\4" + bytes(64))
    assert city.member().put(PATH, bad).json()["code"] == "bad_subscription"


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.0.0.8",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fec0::1",
        "::10.0.0.8",
        "::ffff:10.0.0.8",
        "64:ff9b::10.0.0.8",
        "2002:a00:8::",
    ],
)
def test_a_name_that_leads_inside_is_never_called(city, service, reply, monkeypatch, inside):
    names_lead_to(monkeypatch, "93.184.215.14", inside)
    reply()
    outbox.run_due(city.database)
    assert (service.taken, kept(city)) == ([], 0)


def test_a_service_that_stays_in_trouble_is_given_up_without_an_alarm(city, service, reply, monkeypatch):
    service.status = 503
    reply()
    outbox.run_due(city.database)
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        due_now(city)
    with city.database.read.connect() as conn:
        (job,) = conn.execute(select(table(Job)).where(table(Job).c.kind == "notification.pushed"))
        assert job.done_at is not None
        assert conn.execute(outbox.failed()).all() == []
    assert kept(city) == 1


def test_one_probe_goes_to_a_host_whose_pause_is_over(monkeypatch):
    at = 1000.0
    monkeypatch.setattr("app.notifications.push.hosts.time.monotonic", lambda: at)
    hosts = push_hosts.Hosts(probe_seconds=4)
    assert hosts.pause("a.example.org") == 0
    assert [hosts.failed("a.example.org") for _ in range(3)] == [30, 30, 30]  # on their way together
    assert hosts.pause("b.example.org") == 0
    at += 30
    assert [hosts.pause("a.example.org"), hosts.pause("a.example.org")] == [0, 4]
    at += 3
    assert hosts.failed("a.example.org") == 60
    for _ in range(9):
        at += 700
        hosts.pause("a.example.org")
        pause = hosts.failed("a.example.org")
    assert pause == 600
    hosts.answered("a.example.org")
    assert hosts.pause("a.example.org") == 0


def test_without_a_contact_nothing_is_pushed(app, city, service, config):
    push_service.configure(config.model_copy(update={"push_contact": None}))
    member = city.member()
    assert member.get("/api/v1/push/key").json() == {"key": None}
    assert member.put(PATH, service.subscription()).json()["code"] == "push_off"


def test_a_phone_that_looks_at_another_organization_rings_with_the_name_of_this_one(city, service, reply):
    county = City(city.app, city.database, name="政协云溪县委员会")
    s = table(LoginSession)
    with city.database.transaction() as db:
        there = s.c.id == reply.author.session_id
        db.execute(update(s).where(there).values(organization_id=county.organization_id))

    reply()
    outbox.run_due(city.database)

    (said,) = service.texts()
    assert (said["title"], said["organization_id"]) == (
        f"{city.name}：沈文回复了您的动态",
        city.organization_id,
    )
