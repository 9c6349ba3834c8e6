"""What was kept long enough is erased with a line in the log; staff who read personal data leave an entry."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.auth.models import LoginSession
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from app.notifications.service import notify
from app.privacy.models import RetentionRun
from app.privacy.retention import cleaning

S, N, R = table(LoginSession), table(Notification), table(RetentionRun)


def runs(database):
    with database.read.connect() as conn:
        return [tuple(row) for row in conn.execute(select(R.c.kind, R.c.erased).order_by(R.c.id))]


def test_only_what_is_old_goes_and_each_kind_leaves_a_line(city, database, config):
    old, new = city.member(), city.member()
    with database.transaction() as db:
        for who in (old, new):
            notify(
                db,
                city.organization_id,
                [who.account_id],
                NoticeKind.BULLETIN_PUBLISHED,
                "一条通知",
                ("seat", who.seat_id),
            )
        past = clock.now() - timedelta(days=config.notification_days + 1)
        db.execute(update(N).where(N.c.account_id == old.account_id).values(at=past))
        dead = clock.now() - timedelta(days=config.dead_session_days + 1)
        db.execute(update(S).where(S.c.id == old.session_id).values(revoked_at=dead))

    cleaning.apply(database, config)
    cleaning.apply(database, config)

    assert runs(database) == [("login_session", 1), ("notification", 1)]
    with database.read.connect() as conn:
        assert conn.scalars(select(N.c.account_id)).all() == [new.account_id]
        assert conn.scalars(select(S.c.id)).all() == [new.session_id]


def test_members_read_how_long_everything_is_kept(city, config):
    kept = city.member().get("/api/v1/privacy/retention").json()["items"]
    assert {"label": "通知", "kept": f"{config.notification_days}天"} in kept
    assert len(kept) == len(cleaning.RULES) + len(cleaning.FOREVER)


@pytest.mark.parametrize(
    ("path", "persons"), [("/api/v1/seats", 2), ("/api/v1/seats/{seat}", 1), ("/api/v1/seats?q=无此人", 0)]
)
def test_staff_who_read_members_leave_one_entry(city, path, persons):
    member = city.member()
    city.member()
    staff = city.staff()

    for who in (staff, member, city.staff(Role.LEADER)):
        assert who.get(path.format(seat=member.seat_id)).status_code == 200

    found = city.staff(Role.AUDITOR).get("/api/v1/audit?action=seat.read").json()["items"]
    expected = [(staff.account_id, {"persons": persons})] if persons else []
    assert [(e["account_id"], e["detail"]) for e in found] == expected


def test_administrators_who_read_accounts_leave_an_entry(city):
    admin = city.staff(Role.SYSTEM_ADMIN)
    admin.get("/api/v1/accounts")
    admin.get(f"/api/v1/accounts/{admin.account_id}")
    found = city.staff(Role.AUDITOR).get("/api/v1/audit?action=account.read").json()["items"]
    assert [e["detail"] for e in found] == [{"accounts": 1}, {"accounts": 1}]


def test_members_export_their_own_records_and_nobody_elses(city):
    a, b = city.member(), city.member()
    path = f"/api/v1/exports/seats/{a.seat_id}/records.xlsx"
    assert a.get(path).status_code == 200
    assert city.staff().get(path).status_code == 200
    for who in (b, city.staff(Role.LEADER)):
        assert (who.get(path).status_code, who.get(path).json()["code"]) == (403, "own_records_only")
