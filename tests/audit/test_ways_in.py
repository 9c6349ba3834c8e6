"""Whoever makes a link, code or password that lets somebody in stands in the audit log: who, for whom, which kind.

The secret itself never does. A new maker of secrets is found by what it calls, and takes its place in one of the tables.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

import app
from app.audit.models import AuditEntry
from app.auth.models import Account
from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.operations import backups
from app.people.setup.imports import import_staff
from tests.auth.conftest import PASSWORD, Door
from tests.factories.city import City, Who
from tests.factories.domains.cards import NOW, issue
from tests.factories.everything import made
from tests.points.world import World, at

_E = table(AuditEntry)
_MAKES = re.compile(
    r"\b(token_urlsafe|token_hex|secrets\.(choice|randbelow)|hmac\.digest|getrandbits|one_time_password\(\))"
)
#: Files that make what lets somebody in, and what the audit log calls it.
AUDITED = {
    "auth/accounts/service.py": {"password.issued", "password.reset"},
    "auth/accounts/access.py": {"password.issued"},
    "auth/sessions/second_factor.py": {"second_factor.confirmed"},
    "auth/sessions/service.py": {"login"},
    "auth/keys/tokens.py": {"login"},
    "people/setup/accounts.py": {"password.issued"},
    "people/roster/imports.py": {"password.issued"},
    "people/setup/imports.py": {"password.issued"},
    "activities/codes.py": {"activity.codes_shown"},
    "auth/strangers.py": {"lead.entered"},
    "operations/backups.py": {"backup.link_made"},
    "cards/issued/service.py": {"card.issued", "cards.issued", "card.shared"},
}
#: Files whose random values or digests open nothing by themselves.
NO_WAY_IN = {
    "auth/sessions/devices.py": "a known browser still needs the password",
    "auth/keys/keyring.py": "keys of the server, which nobody is given",
    "auth/passwords/hashing.py": "makes the password that others give",
    "audit/keys.py": "seals of the audit log",
    "cards/issued/keys.py": "keys of the server, which nobody is given",
    "cards/codes.py": "proves what a card says",
    "core/web/http.py": "numbers of requests",
    "files/service.py": "the name of a file, which still asks who may see it",
    "library/service.py": "names of jobs",
    "consultations/venues/service.py": "the address of a page, which lets everybody read or nobody",
    "notifications/push/service.py": "names of jobs",
    "notifications/service.py": "names of jobs",
    "workdays/service.py": "names of jobs",
}


@pytest.fixture
def door(city):
    return Door(city)


def entries(city: City, *actions: str) -> list[Any]:
    with city.database.read.connect() as conn:
        return list(conn.execute(select(_E).where(_E.c.action.in_(actions)).order_by(_E.c.id)))


def one_more(city: City, action: str, act: Callable[[], str]) -> Any:
    """The entry that making something wrote, without the secret in it."""
    before = len(entries(city, action))
    secret = act()
    [entry] = entries(city, action)[before:]
    assert secret, action
    assert secret not in json.dumps([str(value) for value in entry], ensure_ascii=False), action
    return entry


def test_every_maker_of_a_secret_is_known():
    root = Path(app.__file__).parent
    makers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if "demo" not in file.parts and _MAKES.search(file.read_text())
    }
    known = AUDITED.keys() | NO_WAY_IN.keys()
    assert makers - known == set(), "say in a table how it is audited, or why it lets nobody in"
    assert known - makers <= {"cards/issued/keys.py", "auth/keys/tokens.py", "notifications/service.py"}
    assert not AUDITED.keys() & NO_WAY_IN.keys()
    sources = "\n".join(file.read_text() for file in root.rglob("*.py"))
    for actions in AUDITED.values():
        assert all(f'"{action}"' in sources for action in actions), actions


def test_one_time_passwords_of_the_desk(city):
    admin, member = city.staff(Role.SYSTEM_ADMIN), city.member()
    new = {"phone": "13900001234", "name": "新来的"}
    made_for: dict[str, int] = {}

    def opened() -> str:
        answer = made(admin.post("/api/v1/accounts", new))
        made_for["opened"] = answer["account_id"]
        return str(answer["one_time_password"])

    entry = one_more(city, "password.issued", opened)
    assert (entry.account_id, entry.subject_id, entry.detail) == (
        admin.account_id,
        made_for["opened"],
        {"way": "account"},
    )
    reset = f"/api/v1/accounts/{member.account_id}/password-reset"
    entry = one_more(city, "password.reset", lambda: str(admin.post(reset).json()["one_time_password"]))
    assert (entry.account_id, entry.subject_id) == (admin.account_id, member.account_id)

    other, a = city.member("钱岚"), table(Account)
    with city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == other.account_id).values(password_hash=""))
    slips = {"role": "member"}
    path = "/api/v1/accounts/first-passwords"
    entry = one_more(
        city, "password.issued", lambda: str(admin.post(path, slips).json()["items"][0]["one_time_password"])
    )
    assert (entry.account_id, entry.subject_id, entry.detail) == (
        admin.account_id,
        other.account_id,
        {"way": "slip"},
    )


def test_one_time_passwords_of_an_import(city, tmp_path):
    sheet = tmp_path / "staff.csv"
    sheet.write_text("姓名,手机号码,角色\n王信,13900005678,信息员\n", encoding="utf-8")
    out = tmp_path / "passwords.csv"
    report = import_staff(city.database, sheet, passwords=out)
    assert report.ok, report.faults
    secret = out.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[3]
    [entry] = entries(city, "password.issued")
    assert (entry.account_id, entry.organization_id, entry.detail) == (
        None,
        city.organization_id,
        {"way": "import"},
    )
    assert secret not in json.dumps([str(value) for value in entry])


def test_a_wall_with_sign_in_codes_is_written_once_for_each_who_shows_it(city):
    staff, colleague = city.staff(), city.staff(name="机关乙")
    now = clock.now()
    invited = {
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=3)).isoformat(),
        "seat_ids": [city.member("沈文").seat_id],
    }
    activity = made(staff.post("/api/v1/activities", {"kind": "research", "title": "调研"} | invited))["id"]
    path = f"/api/v1/activities/{activity}/sign-in-codes"
    entry = one_more(city, "activity.codes_shown", lambda: str(staff.get(path).json()["codes"][0]["code"]))
    assert (entry.account_id, entry.subject_type, entry.subject_id) == (
        staff.account_id,
        "activity",
        activity,
    )
    for _ in range(3):
        assert staff.get(path).status_code == 200
    assert city.member().get(path).status_code == 403
    assert len(entries(city, "activity.codes_shown")) == 1
    colleague.get(path)
    with clock.frozen_at(now + timedelta(hours=13)):
        city.log_in(staff)
        staff.get(path)
    shown = [one.account_id for one in entries(city, "activity.codes_shown")]
    assert shown == [staff.account_id, colleague.account_id, staff.account_id]


def test_the_receipt_of_a_lead_on_paper(city):
    staff = city.staff()
    day = str(clock.local_day(clock.now()))
    lead = {"source": "citizen", "body": "路灯不亮。", "handed_in_by": "王老师", "handed_in_on": day}
    entry = one_more(
        city, "lead.entered", lambda: str(made(staff.post("/api/v1/leads/entered", lead))["code"])
    )
    assert (entry.account_id, entry.subject_type, entry.detail["receipt"]) == (staff.account_id, "lead", True)


def test_the_link_to_a_backup(city, door):
    admin: Who = door.staff(Role.SYSTEM_ADMIN)
    assert admin.post("/api/v1/backups").status_code == 202
    while outbox.run_due(city.database):
        pass
    [backup] = admin.get("/api/v1/backups").json()["items"]
    path = f"/api/v1/backups/{backup['name']}/link"
    assert admin.post(path, {"password": "不对的密码"}).status_code in {401, 403, 422}
    assert entries(city, "backup.link_made") == []
    entry = one_more(
        city,
        "backup.link_made",
        lambda: str(admin.post(path, {"password": PASSWORD}).json()["path"]).partition("token=")[2],
    )
    assert (entry.account_id, entry.detail) == (admin.account_id, {"name": backup["name"]})
    assert timedelta(minutes=5) == backups.LINK


def test_the_code_of_an_issued_card_and_how_much_its_public_page_shows(city):
    with clock.frozen_at(at("2025-01-01 08:00")):
        member, staff = city.member("沈知遥"), city.staff()
    World(city).update(member, at("2025-05-03 09:00"))
    card: dict[str, Any] = {}

    def issued() -> str:
        card.update(issue(staff, member.seat_id))
        return str(card["verify_url"]).rpartition("/")[2]

    with clock.frozen_at(NOW):
        for who in (member, staff):
            city.log_in(who)
        entry = one_more(city, "card.issued", issued)
        assert (entry.account_id, entry.subject_id) == (staff.account_id, card["id"])
        path = f"/api/v1/issued-cards/{card['id']}/sharing"
        assert member.put(path, {"sharing": "all"}).status_code == 204
    [entry] = entries(city, "card.shared")
    assert (entry.account_id, entry.subject_id, entry.detail) == (
        member.account_id,
        card["id"],
        {"sharing": "all"},
    )
