"""Who owns the database and knows the code, but not the server's secret, changes nothing unnoticed."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.audit import anchors, keys, proof
from app.audit.keys import Keys
from app.audit.proof import AuditFault
from app.audit.service import anchor, log, seal_again
from app.auth.permissions import Role
from app.core import clock
from tests.audit import attacker
from tests.audit.attacker import E, H, owning

WITHOUT_ANCHORS = {
    attacker.cut_the_tail: (6, AuditFault.HEAD),
    attacker.cut_with_the_entrys_seal: (6, AuditFault.HEAD),
    attacker.edit: (2, AuditFault.CHANGED),
    attacker.delete_the_head: (9, AuditFault.HEAD),
    attacker.recompute: (2, AuditFault.SEAL),
    attacker.recompute_with_a_key_of_his_own: (1, AuditFault.UNSEALED),
    attacker.write_one: (9, AuditFault.SEAL),
}
BY_ANCHORS_ONLY = {
    attacker.empty: (1, AuditFault.CUT),
    attacker.delete_all: (1, AuditFault.CUT),
    attacker.recompute_without_seals: (5, AuditFault.ANCHOR),
}


def write(city, count=1):
    for _ in range(count):
        with city.database.transaction() as db:
            log(db, None, "a.done")


def proven(city, kept=()):
    with city.database.read.connect() as conn:
        found = proof.prove(conn, kept=kept)
    return found["broken"], found["fault"]


@pytest.fixture
def kept(city, config):
    """The anchors that somebody took home: of a log of eight entries the fifth."""
    write(city, 5)
    anchor(city.database)
    write(city, 3)
    found = anchors.load(config.data_dir)
    assert [a.entry for a in found] == [5]
    assert proven(city, found) == (None, None)
    return found


@pytest.mark.parametrize("attack", WITHOUT_ANCHORS, ids=lambda attack: attack.__name__)
def test_an_attack_is_noticed_from_the_database_alone(city, kept, attack):
    owning(city, attack)

    assert proven(city) == WITHOUT_ANCHORS[attack]
    assert proven(city, kept)[0] is not None


@pytest.mark.parametrize("attack", BY_ANCHORS_ONLY, ids=lambda attack: attack.__name__)
def test_a_log_that_is_made_anew_does_not_hold_against_the_anchors(city, kept, attack):
    owning(city, attack)

    assert proven(city, kept) == BY_ANCHORS_ONLY[attack]


@pytest.mark.parametrize("attack", [*WITHOUT_ANCHORS, *BY_ANCHORS_ONLY], ids=lambda attack: attack.__name__)
def test_it_is_still_noticed_when_the_server_goes_on_writing(city, kept, attack):
    owning(city, attack)
    write(city, 9)
    anchor(city.database)

    assert proven(city, kept)[0] is not None
    assert proven(city, anchors.load(keys.keys().data_dir))[0] is not None


def test_the_auditor_and_the_shell_compare_with_the_anchors(city, kept):
    auditor = city.staff(Role.AUDITOR)
    assert auditor.get("/api/v1/audit/verification").json()["fault"] is None

    owning(city, attacker.delete_all)

    assert auditor.get("/api/v1/audit/verification").json() == {
        "checked": 0,
        "broken": 1,
        "fault": "cut_off",
        "fault_label": "末尾的记录被删除",
        "next": None,
    }


def test_the_database_refuses_to_delete_the_head(city):
    write(city)
    with pytest.raises(DBAPIError), city.database.write.begin() as conn:
        conn.execute(delete(H))
    assert proven(city) == (None, None)


def test_anchors_are_taken_when_the_log_has_grown_and_follow_the_days(city, config):
    anchor(city.database)
    assert anchors.load(config.data_dir) == []
    write(city)
    anchor(city.database)
    anchor(city.database)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        write(city)
        anchor(city.database)

    assert [a.entry for a in anchors.load(config.data_dir)] == [1, 2]
    files = list((config.data_dir / anchors.FOLDER).iterdir())
    assert len(files) == 2
    assert all(f.stat().st_mode & 0o077 == 0 for f in files)
    assert [a.entry for a in anchors.load(min(files))] == [1]


@pytest.mark.parametrize("change", [("0", "1"), ('{"at"', "{")], ids=["a digit", "no anchor"])
def test_a_changed_file_of_anchors_is_named(city, kept, config, change):
    file = next((config.data_dir / anchors.FOLDER).iterdir())
    before, after = file.read_text().split(change[0], 1)
    file.write_text(before + change[1] + after)

    with pytest.raises(anchors.AnchorChanged, match="第 1 行"):
        anchors.load(config.data_dir)
    write(city)  # the log itself goes on
    assert city.staff(Role.AUDITOR).get("/api/v1/audit/verification").status_code == 409


def rotated(old: Keys, *, knows_the_old: bool) -> Keys:
    return Keys(old.data_dir, b"another secret", (old.present,) if knows_the_old else ())


def test_after_a_rotation_older_entries_are_proven_by_later_ones(city, kept):
    old = keys.keys()
    keys.use(rotated(old, knows_the_old=True))
    assert proven(city, kept) == (None, None)
    write(city)  # sealed by the new key on the old one's head
    anchor(city.database)

    keys.use(rotated(old, knows_the_old=False))  # the old one is thrown away
    try:
        assert proven(city, anchors.load(old.data_dir)) == (None, None)
        assert proven(city) == (None, None)
        owning(city, attacker.recompute)
        assert proven(city) == (9, AuditFault.SEAL)
    finally:
        keys.use(old)


def test_a_lost_secret_is_noticed_until_somebody_takes_the_log_as_it_is(city, kept):
    old = keys.keys()
    keys.use(rotated(old, knows_the_old=False))
    try:
        assert proven(city, kept) == (6, AuditFault.UNSEALED)
        write(city)
        assert proven(city, kept) == (6, AuditFault.UNSEALED)
        with city.database.transaction() as db:
            seal_again(db, 6)
        write(city)
        assert proven(city, kept) == (None, None)
    finally:
        keys.use(old)
    with city.database.read.connect() as conn:
        rows = conn.execute(select(E.c.action, E.c.detail).where(E.c.action == "audit.sealed_again")).all()
    assert [tuple(row) for row in rows] == [("audit.sealed_again", {"broken": 6})]


@pytest.fixture
def from_before(city):
    """A log as releases before the seals left it."""
    write(city, 3)
    owning(city, update(E).values(seal=None), update(H).values(seal=None))


def test_a_log_from_before_the_seals_gets_its_first_seal_and_anchor(city, from_before, config):
    assert proven(city) == (None, None)
    anchor(city.database)

    kept = anchors.load(config.data_dir)
    assert [a.entry for a in kept] == [4]
    assert proven(city, kept) == (None, None)
    with city.database.read.connect() as conn:
        assert conn.scalars(select(E.c.action).order_by(E.c.id)).all()[-1] == "audit.sealed"
    owning(city, attacker.recompute)
    assert proven(city) == (4, AuditFault.SEAL)


def test_seals_that_are_taken_away_later_are_not_given_again(city, kept):
    owning(city, attacker.recompute_without_seals)
    write(city)
    anchor(city.database)

    with city.database.read.connect() as conn:
        assert set(conn.scalars(select(E.c.seal))) == {None}
    assert proven(city, kept) == (5, AuditFault.ANCHOR)


def test_who_reads_the_log_and_accounts_is_in_the_log(city):
    auditor, security = city.staff(Role.AUDITOR), city.staff(Role.SECURITY_ADMIN)
    write(city, 30)
    first = auditor.get("/api/v1/audit?action=a.done").json()
    auditor.get(f"/api/v1/audit?action=a.done&cursor={first['next']}")
    page = security.get("/api/v1/accounts?role=auditor&name=甲&limit=1").json()
    security.get(f"/api/v1/accounts/{auditor.account_id}")
    security.get(f"/api/v1/accounts/{2**40}")
    assert len(page["items"]) == 1

    with city.database.read.connect() as conn:
        columns = (E.c.action, E.c.account_id, E.c.subject_id, E.c.detail)
        rows = conn.execute(select(*columns).where(E.c.action.like("%.read")).order_by(E.c.id)).all()
    assert [tuple(row) for row in rows] == [
        ("audit.read", auditor.account_id, None, {"filters": {"action": "a.done"}}),
        ("account.read", security.account_id, page["items"][0]["id"], {"accounts": 1}),
        ("account.read", security.account_id, auditor.account_id, {"accounts": 1}),
    ]
