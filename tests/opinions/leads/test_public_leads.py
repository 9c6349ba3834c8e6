"""Citizens hand in leads without login: few by address and day, with a receipt; what they leave is guarded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import worker
from app.audit.models import AuditEntry
from app.auth import strangers as limits
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.core.web.idempotency import IdempotencyKey
from app.opinions.leads.lifecycle import masked_contact
from app.opinions.models import Lead
from tests.factories.domains.opinions import done
from tests.support.client import Client

BODY = "城东三个小区的充电桩坏了两个多月。"
CONTACT = "13912345678"
PLACE = "203.0.113.7"


@pytest.fixture(autouse=True)
def _receiver(city):
    """Leads are taken where somebody receives them."""
    city.staff()


def citizen(city, address=PLACE) -> Client:
    return Client(city.app, address)


def handed_in(city, who=None, **more):
    lead = {"organization_id": city.organization_id, "body": BODY, **more}
    return (who or citizen(city)).post("/api/v1/leads", json=lead)


def receipt(city, **more) -> str:
    answer = handed_in(city, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


def asked(city, code, who=None):
    return (who or citizen(city)).post("/api/v1/leads/status", json={"code": code})


def test_a_citizen_hands_in_a_lead_and_follows_it(city):
    staff, anybody = city.staff(), citizen(city)
    places = anybody.get("/api/v1/leads/organizations").json()["items"]
    assert places == [{"id": city.organization_id, "name": "政协云川市委员会"}]
    code = receipt(city, name="王大姐", contact=CONTACT)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    first = asked(city, code.lower().replace("-", " "))
    assert first.json() == {
        "organization": "政协云川市委员会",
        "state": "received",
        "state_label": "已收到",
        "reason": None,
        "outcome": None,
        "received_at": first.json()["received_at"],
        "decided_at": None,
    }
    (row,) = staff.get("/api/v1/leads?scope=desk&source=citizen").json()["items"]
    used = staff.post(f"/api/v1/leads/{row['id']}/transitions", {"action": "use", "title": "充电桩损坏"})
    assert asked(city, code).json()["state_label"] == "已转为信息"
    report_id = used.json()["report_id"]
    report = staff.get(f"/api/v1/opinions/{report_id}").json()
    assert (report["body"], report["seat_id"]) == (BODY, None)
    assert "王大姐" not in str(report)
    done(staff, report_id, "issue", tier="city")
    done(staff, report_id, "adopt", tier="city")
    assert asked(city, code).json()["outcome"] == "已采用"


def test_a_declined_lead_says_why(city):
    code = receipt(city)
    staff = city.staff()
    (row,) = staff.get("/api/v1/leads?scope=desk").json()["items"]
    staff.post(f"/api/v1/leads/{row['id']}/transitions", {"action": "decline", "reason": "请向法院反映。"})
    told = asked(city, code).json()
    assert (told["state_label"], told["reason"]) == ("未采用", "请向法院反映。")


def test_a_contact_is_seen_by_staff_who_open_the_lead_and_the_log_says_so(city):
    staff = city.staff()
    receipt(city, name="王大姐", contact=CONTACT)
    (row,) = staff.get("/api/v1/leads?scope=desk").json()["items"]
    assert row["contact"] == "139****78"
    assert staff.get(f"/api/v1/leads/{row['id']}").json()["contact"] == CONTACT
    e = table(AuditEntry)
    with city.database.read.connect() as conn:
        seen = conn.execute(select(e).where(e.c.action == "lead.contact_seen")).mappings().all()
    assert [(entry["account_id"], entry["subject_id"]) for entry in seen] == [(staff.account_id, row["id"])]
    assert CONTACT not in str(seen)
    declined = {"action": "decline", "reason": "不属市级职权"}
    done = staff.post(f"/api/v1/leads/{row['id']}/transitions", declined).json()
    assert done["contact"] == "139****78", "a verb shows it to nobody: it would not be in the audit log"
    for role in (Role.MEMBER, Role.INFORMATION_OFFICER, Role.UNIT_OFFICER):
        who = city.member() if role == Role.MEMBER else city.staff(role)
        assert who.get("/api/v1/leads?scope=desk").json()["items"] == []
        assert who.get(f"/api/v1/leads/{row['id']}").status_code == 404


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        ("13912345678", "139****78"),
        ("+8613912345678", "+****78"),
        ("0571-8888", "057****88"),
        ("wang@example.com", "w****"),
        ("微信 abc", "微****"),
        ("12", "12****"),
        ("119", "119****"),
    ],
)
def test_a_masked_contact_cannot_be_used(contact, masked):
    assert masked_contact(contact) == masked


def test_name_and_contact_are_erased_after_their_time(city, config):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=181)):
        receipt(city, name="王大姐", contact=CONTACT)
    receipt(city, name="李大哥", contact="li@example.com")
    worker.clean(city.database, config)
    staff = city.staff()
    new, old = staff.get("/api/v1/leads?scope=desk").json()["items"]
    assert (old["name"], old["contact"], old["body"]) == (None, None, BODY)
    assert (new["name"], new["contact"]) == ("李大哥", "l****")


def test_an_address_hands_in_so_many_in_an_hour_and_in_a_day(city, monkeypatch):
    monkeypatch.setattr(
        "app.opinions.leads.service.BY_ADDRESS", ((timedelta(hours=1), 2), (timedelta(days=1), 3))
    )
    start = clock.now()
    with clock.frozen_at(start):
        assert [handed_in(city).status_code for _ in range(3)] == [201, 201, 429]
        refused = handed_in(city)
        assert refused.json()["code"] == "too_many"
        assert int(refused.headers["Retry-After"]) == 3601
        assert handed_in(city, citizen(city, "203.0.113.8")).status_code == 201, "others go on"
        rotating = {"X-Forwarded-For": "198.51.100.1"}
        lead = {"organization_id": city.organization_id, "body": BODY}
        assert citizen(city).post("/api/v1/leads", json=lead, headers=rotating).status_code == 429
    with clock.frozen_at(start + timedelta(minutes=61)):
        assert [handed_in(city).status_code for _ in range(2)] == [201, 429]
    with clock.frozen_at(start + timedelta(hours=23)):
        late = handed_in(city)
        assert late.status_code == 429
        assert int(late.headers["Retry-After"]) == 3601
    with clock.frozen_at(start + timedelta(hours=25)):
        assert handed_in(city).status_code == 201
    with city.database.read.connect() as conn:
        assert len(conn.execute(select(table(Lead).c.id)).all()) == 5, "a refused one leaves nothing"


def test_an_ipv6_household_is_one_address(city, monkeypatch):
    monkeypatch.setattr("app.opinions.leads.service.BY_ADDRESS", ((timedelta(hours=1), 1),))
    hosts = ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1")
    assert [handed_in(city, citizen(city, host)).status_code for host in hosts] == [201, 429, 201]


def test_an_organization_takes_so_many_a_day(city, monkeypatch):
    monkeypatch.setattr("app.opinions.leads.service.BY_ORGANIZATION", ((timedelta(days=1), 2),))
    answers = [handed_in(city, citizen(city, f"203.0.113.{n}")) for n in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 429]


def test_codes_cannot_be_guessed(city, monkeypatch):
    monkeypatch.setattr("app.opinions.leads.service.BY_ASKER", ((timedelta(hours=1), 3),))
    code = receipt(city)
    assert len({receipt(city) for _ in range(3)} | {code}) == 4
    for guess in ("K7MW-2XRT-Q5DH", "", "x" * 30):
        wrong = asked(city, guess)
        assert (wrong.status_code, wrong.json()["code"]) == (404, "unknown_receipt"), guess
    late = asked(city, code)
    assert (late.status_code, late.json()["code"]) == (429, "too_many")
    assert int(late.headers["Retry-After"]) > 0
    assert asked(city, code, citizen(city, "203.0.113.9")).status_code == 200
    assert asked(city, "x" * 31, citizen(city, "203.0.113.9")).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": ""},
        {"body": "字" * 2001},
        {"body": "\u200b"},
        {"contact": "1" * 61},
        {"name": "换\n行"},
        {"name": "名" * 51},
        {"state": "used"},
        {"organization_id": 0},
        {"organization_id": 2**63},
    ],
)
def test_the_form_is_checked(city, wrong):
    assert handed_in(city, **wrong).status_code == 422


def test_what_is_too_large_or_for_nobody_is_refused(city):
    assert handed_in(city, organization_id=10**6).json()["code"] == "unknown_organization"
    assert handed_in(city, body="字" * 2**20).status_code == 413
    with city.database.read.connect() as conn:
        assert conn.execute(select(table(Lead).c.id)).all() == []


def test_a_lead_comes_from_our_own_pages_or_from_a_program(city):
    lead = {"organization_id": city.organization_id, "body": BODY}
    foreign = citizen(city).post("/api/v1/leads", json=lead, headers={"Origin": "https://elsewhere.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "bad_origin")
    own = citizen(city).post("/api/v1/leads", json=lead, headers={"Origin": "http://testserver"})
    assert own.status_code == 201


def test_a_retry_gets_the_first_receipt(city):
    who, key = citizen(city), {"Idempotency-Key": "5f0c9a3e-1b2d-4c3e-8f00-000000000001"}
    lead = {"organization_id": city.organization_id, "body": BODY, "contact": CONTACT}
    codes = {who.post("/api/v1/leads", json=lead, headers=key).json()["code"] for _ in range(2)}
    assert len(codes) == 1
    other = who.post("/api/v1/leads", json=lead | {"body": "别的。"}, headers=key)
    assert other.json()["code"] == "idempotency_key_reused"
    k = table(IdempotencyKey)
    with city.database.read.connect() as conn:
        kept = conn.scalars(select(k.c.body)).all()
    assert not any(CONTACT.encode() in bytes(body) for body in kept)


def test_rare_characters_survive(city):
    receipt(city, body="𠮷家弄的㛃桥要修，䶮字辈老人说。", name="𠮷田")
    (row,) = city.staff().get("/api/v1/leads?scope=desk").json()["items"]
    assert (row["body"], row["name"]) == ("𠮷家弄的㛃桥要修，䶮字辈老人说。", "𠮷田")


def test_the_limits_are_those_of_the_form():
    assert [most for _, most in limits.BY_ADDRESS] == [10, 30]
