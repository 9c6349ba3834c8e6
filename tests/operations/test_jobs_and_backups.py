"""System administrators see jobs, try failed ones again, make and download backups, and read how the server is."""

import gzip
import tarfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.backup import last
from app.backup.archive import BackupError
from app.core import clock, outbox
from app.core.sql import table
from app.files import service as files
from app.main import load_routers
from app.operations import backups, copies
from app.operations.jobs import KIND_LABELS, in_words
from app.people.models import Organization
from tests.auth.conftest import PASSWORD, Door
from tests.factories.city import City
from tests.factories.files import key_of

J, P = table(outbox.Job), table(Organization)


def run_all(database) -> None:
    while outbox.run_due(database):
        pass


@pytest.fixture
def chief(city):
    return Door(city).staff(Role.SYSTEM_ADMIN)


def enqueued(database, kind: str, **values) -> int:
    payload = values.pop("payload", {})
    with database.transaction() as db:
        outbox.enqueue(db, kind, str(clock.now()), **payload)
        job_id = db.scalars(select(J.c.id).order_by(J.c.id.desc())).first()
        db.execute(update(J).where(J.c.id == job_id).values(**values) if values else select(1))
    return job_id


def test_every_kind_of_job_is_called_something():
    load_routers()
    kinds = {
        kind for kind in outbox._handlers if not kind.startswith("test.")
    }  # other tests have kinds of their own
    assert KIND_LABELS.keys() == kinds


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("OperationalError('13900000001 沈文')", "数据库当时繁忙或连接不上。"),
        ("ValueError('13900000001 沈文')", "程序出错（ValueError），详情在服务器的日志里。"),
        ("the worker was killed", "执行任务的进程被中断。"),
        (None, None),
    ],
)
def test_errors_are_said_without_what_stood_in_them(error, said):
    assert in_words(error) == said


def test_jobs_are_listed_by_state_and_failed_ones_run_again(city, chief, app, database):
    mine = {"organization_id": city.organization_id}
    broken = enqueued(
        database, "organization.refile", payload=mine, attempts=outbox.MAX_ATTEMPTS, error="KeyError('138')"
    )
    waiting = enqueued(database, "organization.refile", payload=mine)
    running = enqueued(
        database, "library.waiting", leased_until=clock.now() + timedelta(minutes=1), attempts=1
    )

    def listed(query: str = "") -> list[tuple[int, str]]:
        return [(one["id"], one["state"]) for one in chief.get(f"/api/v1/jobs{query}").json()["items"]]

    assert listed() == [(running, "running"), (waiting, "waiting"), (broken, "failed")]
    assert listed("?state=failed") == [(broken, "failed")]
    failed = chief.get("/api/v1/jobs?state=failed").json()["items"][0]
    assert (failed["kind_label"], "138" in failed["error"]) == ("重新归档履职记录", False)
    assert chief.post(f"/api/v1/jobs/{waiting}/retry").json()["code"] == "job_not_failed"

    other = City(app, database, name="政协柳溪县委员会")
    stranger = other.staff(Role.SYSTEM_ADMIN)
    assert stranger.get("/api/v1/jobs").json()["items"] == []
    assert stranger.post(f"/api/v1/jobs/{broken}/retry").status_code == 404
    assert listed("?state=running") == []  # two organizations side by side: what is nobody's is for the shell
    assert city.staff().get("/api/v1/jobs").status_code == 403

    assert chief.post(f"/api/v1/jobs/{broken}/retry").json()["state"] == "waiting"
    run_all(database)
    assert (broken, "done") in listed("?state=done")


def test_a_backup_is_made_verified_and_downloaded_with_the_password(city, chief, config, database):
    city.member()
    kept = {"keep_last": 7, "keep_weeks": 8}
    assert chief.get("/api/v1/backups").json() == {"items": [], "making": False} | kept
    assert chief.post("/api/v1/backups").status_code == 202
    assert chief.post("/api/v1/backups").json() == {"items": [], "making": True} | kept
    run_all(database)
    found = chief.get("/api/v1/backups").json()
    (one,) = found["items"]
    assert (found["making"], one["verified_at"] is not None, one["rows"] > 10, one["lost"]) == (
        False,
        True,
        True,
        [],
    )
    path = f"/api/v1/backups/{one['name']}"
    assert chief.post(f"{path}/link", {"password": "wrong"}).json()["code"] == "wrong_password"
    link = chief.post(f"{path}/link", {"password": PASSWORD}).json()
    answer = chief.get(link["path"])
    assert (answer.status_code, len(answer.content)) == (200, one["size"])
    with tarfile.open(fileobj=BytesIO(gzip.decompress(answer.content))) as tar:
        assert "end.json" in tar.getnames()
    for changed in (link["path"][:-1] + "x", f"{path}/file", link["path"].replace("token=", "token=9")):
        assert chief.get(changed).json()["code"] == "bad_link"
    colleague = city.staff(Role.SYSTEM_ADMIN)
    assert colleague.get(link["path"]).json()["code"] == "bad_link"  # of another session
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        assert chief.get(link["path"]).json()["code"] == "link_expired"
    log = city.staff(Role.AUDITOR).get("/api/v1/audit").json()["items"]
    assert {"backup.begun", "backup.made", "backup.downloaded"} <= {entry["action"] for entry in log}
    for name in ("..%2Flvyi.tar.gz", "token_secret", "none.tar.gz"):
        assert chief.post(f"/api/v1/backups/{name}/link", {"password": PASSWORD}).status_code in {404, 422}

    file = copies.folder(config) / one["name"]
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises((BackupError, EOFError)):
        backups.verified(file)
    assert chief.get("/api/v1/backups").json()["items"][0]["verified_at"] is None


def test_a_backup_whose_reading_was_cut_off_still_says_what_is_lost(
    city, chief, config, database, monkeypatch
):
    key_of(city.staff(), "姓名".encode(), "名单.csv")
    for stored in files.folder(config).rglob("*"):
        if stored.is_file():
            stored.unlink()
    reading = backups.verified

    def killed(_file):
        raise RuntimeError("killed")

    monkeypatch.setattr(backups, "verified", killed)
    chief.post("/api/v1/backups")
    run_all(database)
    said = {one["key"]: one for one in chief.get("/api/v1/health-summary").json()["items"]}
    assert "没有做过备份" in said["backups"]["detail"]  # one that nobody could read is none
    monkeypatch.setattr(backups, "verified", reading)
    with database.transaction() as db:
        db.execute(update(J).where(J.c.done_at.is_(None)).values(run_at=clock.now()))
    run_all(database)
    (one,) = chief.get("/api/v1/backups").json()["items"]
    assert (one["verified_at"] is not None, len(one["lost"])) == (True, 1)


def test_only_the_organization_above_all_others_gets_to_backups(city, chief, app, database):
    district = City(app, database, name="政协南江区委员会")
    below = district.staff(Role.SYSTEM_ADMIN)
    with database.transaction() as db:
        mine = P.c.id == district.organization_id
        db.execute(update(P).where(mine).values(parent_id=city.organization_id))
    for method, path in (("get", "/backups"), ("post", "/backups"), ("get", "/health-summary")):
        answer = getattr(below, method)(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_above_all")
    assert chief.get("/api/v1/backups").status_code == 200
    assert below.get("/api/v1/backups/a.tar.gz/file").status_code == 404


def backups_are_old(chief) -> bool:
    found = chief.get("/api/v1/health-summary").json()["items"]
    return any("已经太久" in one["detail"] for one in found)


def test_the_summary_says_what_is_well_and_what_is_not(city, chief, config, database):
    found = chief.get("/api/v1/health-summary").json()
    said = {one["key"]: one for one in found["items"]}
    assert (found["ok"], said["database"]["ok"], said["worker"]["ok"]) == (False, True, False)
    assert "请启动" in said["worker"]["detail"]
    assert "没有做过备份" in said["backups"]["detail"]
    chief.post("/api/v1/backups")
    run_all(database)
    said = {one["key"]: one for one in chief.get("/api/v1/health-summary").json()["items"]}
    assert (said["backups"]["ok"], "最近一次" in said["backups"]["detail"]) == (True, True)
    with clock.frozen_at(clock.now() - timedelta(days=9)):
        last.note(config.data_dir)
    assert backups_are_old(chief)
