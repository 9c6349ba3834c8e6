"""`lvyi doctor` says of each thing how it stands and what to do; `lvyi jobs retry` is in the audit log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from app import web
from app.audit import service as audit
from app.audit.models import AuditEntry
from app.backup import last
from app.cli import app as cli
from app.core import clock, outbox
from app.core.config import settings
from app.core.jobs import workers
from app.core.language import fonts
from app.core.schema import migrations
from app.core.sql import insert, table
from app.operations import health, machine
from app.workdays.models import WorkdayOverride
from app.workdays.queries import calendar

AUDIT, JOB, DAY = table(AuditEntry), table(outbox.Job), table(WorkdayOverride)
SUMMER = datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def healthy(city, database, database_url: str, config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server on which everything is well; returns `lvyi`."""
    clients = tmp_path / "web"
    for name in ("mobile", "console"):
        (clients / name).mkdir(parents=True)
        (clients / name / "index.html").touch()
    monkeypatch.setattr(web, "FOLDER", clients)
    monkeypatch.setattr(machine, "_LITTLE_ROOM", 0)
    monkeypatch.setattr(health, "_DECEMBER", 13)  # the year to come is not due on the day of the test
    monkeypatch.setattr(audit, "may_rewrite", lambda *_: False)  # tests own their PostgreSQL database
    if file := machine.database_file(config):
        file.chmod(0o600)
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    monkeypatch.setenv("LVYI_DATA_DIR", str(config.data_dir))
    settings.cache_clear()
    last.note(config.data_dir)
    with database.transaction() as db:
        workers.says_alive(db, "a:1", clock.now())

    def run(*words: str):
        settings.cache_clear()
        return CliRunner().invoke(cli, words)

    yield run
    settings.cache_clear()


def faults(output: str) -> list[str]:
    """The lines of what is not well."""
    return [line for line in output.splitlines() if line.startswith("✗")]


def test_all_is_well(healthy):
    done = healthy("doctor")
    assert (done.exit_code, done.output.splitlines()[-1], faults(done.output)) == (0, "一切正常。", [])
    labels = {line.split("：")[0][2:] for line in done.output.splitlines() if line.startswith("✓")}
    wanted = {"磁盘", "密钥", "推送", "字体", "网页端", "数据库", "版本", "时钟", "后台任务", "失败任务"}
    assert labels >= {*wanted, "备份", "放假安排", "附件"}


@pytest.fixture
def fault(healthy):
    """Run the doctor; the one line of what is not well."""

    def one() -> str:
        done = healthy("doctor")
        assert (done.exit_code, done.output.splitlines()[-1]) == (1, "有 1 项需要处理。"), done.output
        (line,) = faults(done.output)
        return line

    return one


def test_jobs_that_died_and_jobs_without_a_worker(fault, database):
    with database.transaction() as db:
        outbox.enqueue(db, "organization.refile", "dead")
        db.execute(update(JOB).values(attempts=outbox.MAX_ATTEMPTS, error="KeyError()"))
    assert "lvyi jobs retry --all" in fault()
    with database.transaction() as db:
        db.execute(update(JOB).values(attempts=0))
        db.execute(delete(table(workers.Worker)))
    line = fault()
    assert "等待执行的有 1 项" in line
    assert "请启动 lvyi worker" in line


def test_an_old_backup(fault, config):
    with clock.frozen_at(clock.now() - timedelta(days=9)):
        last.note(config.data_dir)
    assert "✗ 备份：" in fault()


def test_a_clock_that_differs(fault, database):
    with clock.frozen_at(clock.now() + timedelta(minutes=5)):
        with database.transaction() as db:
            workers.says_alive(db, "a:1", clock.now())
        assert "时间同步" in fault()


def test_holidays_of_the_coming_year_are_missed_in_december(city, database):
    def said(moment: datetime) -> dict[str, object]:
        with clock.frozen_at(moment), database.read.connect() as conn:
            return health._holidays(conn, clock.SHANGHAI)

    year = SUMMER.year
    with database.read.connect() as conn:
        while calendar(conn, None).knows(year):
            year += 1
    november, december = (datetime(year - 1, month, 15, tzinfo=UTC) for month in (11, 12))
    assert said(november)["ok"] is True
    assert (said(december)["ok"], f"{year} 年" in str(said(december)["detail"])) == (False, True)
    day = {"organization_id": city.organization_id, "day": datetime(year, 10, 1, tzinfo=UTC).date()}
    with database.transaction() as db:
        values = day | {"is_workday": False, "name": "国庆节", "set_at": clock.now()}
        db.execute(insert(db.connection(), DAY).values(values))
    assert said(december)["ok"] is True


def test_a_missing_face_and_clients_that_are_not_built(fault, monkeypatch, tmp_path):
    with monkeypatch.context() as broken:
        broken.setattr(fonts, "FONTS", tmp_path)
        fonts.covered.cache_clear()
        assert "serif.ttf" in fault()
    fonts.covered.cache_clear()
    monkeypatch.setattr(web, "FOLDER", tmp_path)
    assert "scripts/clients.py" in fault()


def test_little_room(fault, monkeypatch):
    monkeypatch.setattr(machine, "_LITTLE_ROOM", 1)
    assert "请清理" in fault()


def test_secret_and_database_that_others_may_read(fault, config, monkeypatch):
    monkeypatch.delenv("LVYI_TOKEN_SECRET", raising=False)
    file = config.data_dir / "token_secret"
    file.write_text("s" * 40)
    file.chmod(0o644)
    line = fault()
    assert f"chmod 600 {file}" in line
    assert "ssss" not in line
    file.chmod(0o600)
    if stored := machine.database_file(config):
        stored.chmod(0o640)
        assert f"chmod 600 {stored}" in fault()


@pytest.mark.parametrize(
    ("contact", "said"), [("the office", "应当是邮箱"), ("it@example.org", "不是 https")]
)
def test_push_that_cannot_work(fault, monkeypatch, contact, said):
    monkeypatch.setenv("LVYI_PUSH_CONTACT", contact)
    assert said in fault()


def test_a_database_that_is_behind_or_not_there(healthy, monkeypatch, tmp_path):
    monkeypatch.setattr(migrations, "head", lambda: "9999")
    done = healthy("doctor")
    assert [line for line in faults(done.output) if "9999，请运行 lvyi migrate" in line]
    missing = tmp_path / "none.sqlite3"
    monkeypatch.setenv("LVYI_DATABASE_URL", f"sqlite:///{missing}")
    done = healthy("doctor")
    assert (done.exit_code, missing.exists()) == (1, False)
    assert "✓ 字体：" in done.output
    assert done.output.splitlines()[-1] == "数据库还没有建立或没有升级，请先运行 lvyi migrate。"


def test_one_job_or_all_are_tried_again_and_the_audit_log_says_so(healthy, database):
    with database.transaction() as db:
        for key in ("a", "b", "c"):
            outbox.enqueue(db, "organization.refile", key)
        ids = list(db.scalars(select(JOB.c.id).order_by(JOB.c.id)))
        db.execute(update(JOB).where(JOB.c.id.in_(ids[:2])).values(attempts=outbox.MAX_ATTEMPTS))
    assert f"任务 {ids[0]}" in healthy("jobs", "list").output
    assert healthy("jobs").output == healthy("jobs", "list").output
    for words in ((), (str(ids[0]), "--all")):
        refused = healthy("jobs", "retry", *words)
        assert (refused.exit_code, "二者选一" in refused.output) == (2, True)
    waiting = healthy("jobs", "retry", str(ids[2]))
    assert (waiting.exit_code, "没有停止重试" in waiting.output) == (1, True)
    assert healthy("jobs", "retry", str(ids[0])).output == "1 项任务将重新执行。\n"
    assert healthy("jobs", "retry", "--all").output == "1 项任务将重新执行。\n"
    with database.read.connect() as conn:
        retried = select(AUDIT.c.subject_id).where(AUDIT.c.action == "job.retried").order_by(AUDIT.c.id)
        assert list(conn.scalars(retried)) == ids[:2]
        assert list(conn.scalars(select(JOB.c.attempts))) == [0, 0, 0]
