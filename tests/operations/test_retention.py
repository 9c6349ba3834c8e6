"""Old backups go once a new one was read to its end: which stay is a rule, what goes is said, a good one is never lost."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.backup.archive import BackupError
from app.backup.retention import Copy, outdated
from app.cli import app as commands
from app.core import clock, outbox
from app.core.config import settings
from app.core.sql import table
from app.operations import backups, pruning
from app.operations.copies import folder, note_of, write_note
from tests.auth.conftest import Door

SHELL = CliRunner()
#: A Wednesday.
NOW = datetime(2026, 12, 2, 4, tzinfo=UTC)
E = table(AuditEntry)


def copies(*days: float, good: bool = True, whole: bool = True) -> list[Copy]:
    """Backups of so many days ago, called by them."""
    return [Copy(f"{day:g}", NOW - timedelta(days=day), good, good and whole) for day in days]


def gone(found: list[Copy], last: int, weeks: int) -> list[str]:
    return [one.name for one in outdated(found, last, weeks, "Asia/Shanghai")]


@pytest.mark.parametrize(
    ("last", "weeks", "kept"),
    [
        (1, 0, {"0"}),
        (3, 0, {"0", "1", "2"}),
        (1, 1, {"0"}),
        (1, 3, {"0", "3", "10"}),  # Wednesday, the Sundays before
        (3, 2, {"0", "1", "2", "3"}),
        (99, 0, {str(day) for day in range(20)}),
        (1, 99, {"0", "3", "10", "17"}),
    ],
)
def test_the_last_ones_stay_and_one_of_each_week(last, weeks, kept):
    daily = copies(*range(20))
    removed = gone(daily, last, weeks)
    assert set(removed) == {one.name for one in daily} - kept
    assert removed == sorted(removed, key=int, reverse=True), "oldest first"


def test_a_good_one_is_never_removed_for_others():
    assert gone(copies(0, 1, 2, good=False), 1, 0) == [], "without a good one all stay"
    assert gone([*copies(0, 1, 2, good=False), *copies(3)], 1, 0) == [], "what is newer may be read yet"
    assert gone([*copies(0), *copies(1, 2, good=False), *copies(3)], 1, 0) == ["3"], "nobody has read two"
    lacking = copies(0, 1, 2, whole=False)
    assert gone([*lacking, *copies(3, 4)], 1, 0) == ["4", "2", "1"], "the newest that lacks nothing stays"
    assert gone([], 1, 0) == gone(copies(0), 1, 0) == []


def test_weeks_are_those_of_the_calendar_here():
    sunday, monday = datetime(2026, 11, 29, 15, 59, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC)
    both = [Copy("sunday", sunday, True, True), Copy("monday", monday, True, True)]
    assert gone(both, 1, 2) == []
    assert gone([both[0], Copy("sunday too", sunday - timedelta(hours=1), True, True)], 1, 2) == [
        "sunday too"
    ]


@pytest.fixture
def chief(city):
    return Door(city).staff(Role.SYSTEM_ADMIN)


@pytest.fixture
def old(config):
    """Eight old verified backups of one a day, one that a person put there, and one that nobody read."""
    place = folder(config)
    place.mkdir(parents=True)
    names = []
    for days in range(1, 9):
        made_at = clock.now() - timedelta(days=days * 7)
        name = f"lvyi-{made_at:%Y%m%d-%H%M%S}.tar.gz"
        put(place / name, made_at)
        names.append(name)
    put(place / "before-upgrade.tar.gz", clock.now() - timedelta(days=400))
    (place / "notes.txt").write_text("别动")
    return names


def put(file, made_at):
    file.write_bytes(b"archive")
    note = {"rows": 1, "files": 0, "lost": [], "size": 7, "verified_at": made_at.isoformat()}
    write_note(file, note)
    os.utime(file, (made_at.timestamp(), made_at.timestamp()))


@pytest.fixture
def _two_and_three(config, monkeypatch):
    shorter = config.model_copy(update={"backups_keep_last": 2, "backups_keep_weeks": 3})
    monkeypatch.setattr(backups, "running", lambda: shorter)


def removals(city) -> list[tuple[int | None, str]]:
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(E.c.account_id, E.c.detail).where(E.c.action == "backup.removed").order_by(E.c.id)
        )
        return [(row.account_id, row.detail["name"]) for row in rows]


def run_all(city) -> None:
    while outbox.run_due(city.database):
        pass


@pytest.mark.usefixtures("_two_and_three")
def test_a_verified_backup_lets_old_ones_go_and_says_which(city, chief, config, old):
    assert len(chief.get("/api/v1/backups").json()["items"]) == 9
    assert chief.post("/api/v1/backups").status_code == 202
    run_all(city)
    said = chief.get("/api/v1/backups").json()
    assert (said["keep_last"], said["keep_weeks"]) == (7, 8), "what this server says is its own setting"
    newest, *others = said["items"]
    assert [one["name"] for one in others] == [*old[:2], "before-upgrade.tar.gz"]
    assert newest["removed"] == list(reversed(old[2:]))
    assert not any(note_of(folder(config) / name).exists() for name in old[2:])
    assert (folder(config) / "notes.txt").read_text() == "别动"
    assert removals(city) == [(chief.account_id, name) for name in reversed(old[2:])]


@pytest.mark.usefixtures("_two_and_three")
def test_what_nobody_has_read_stays_and_a_copied_file_is_as_old_as_its_name(city, chief, config, old):
    unread = folder(config) / "lvyi-20240101-000000.tar.gz"
    unread.write_bytes(b"from another machine")
    for name in old:
        os.utime(folder(config) / name)  # copied without their times
    chief.post("/api/v1/backups")
    run_all(city)
    assert unread.exists()
    assert [name for _, name in removals(city)] == list(reversed(old[2:]))


@pytest.mark.usefixtures("_two_and_three")
def test_a_backup_that_cannot_be_read_lets_nothing_go(city, chief, config, old, monkeypatch):
    def torn(file):
        raise BackupError(f"{file.name} 不完整。")

    monkeypatch.setattr(backups, "verified", torn)
    chief.post("/api/v1/backups")
    run_all(city)
    there = {one["name"] for one in chief.get("/api/v1/backups").json()["items"]}
    assert there >= {*old, "before-upgrade.tar.gz"}
    assert removals(city) == []


@pytest.mark.usefixtures("_two_and_three")
def test_what_was_cut_off_while_it_removed_still_says_what_went(city, chief, config, old, monkeypatch):
    removing = pruning.remove

    def killed(files):
        removing(files[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(pruning, "remove", killed)
    chief.post("/api/v1/backups")
    with pytest.raises(KeyboardInterrupt):
        run_all(city)
    assert removals(city) == []
    monkeypatch.setattr(pruning, "remove", removing)
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        run_all(city)
    told = [name for _, name in removals(city)]
    assert set(told) == set(old[2:])
    assert len(told) == len(set(told)), "each once"


@pytest.fixture
def run(config, monkeypatch):
    def invoke(*words, **env):
        for name, value in {"DATABASE_URL": config.database_url, "DATA_DIR": config.data_dir, **env}.items():
            monkeypatch.setenv(f"LVYI_{name}", str(value))
        settings.cache_clear()
        return SHELL.invoke(commands, [str(word) for word in words])

    yield invoke
    settings.cache_clear()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_shell_backs_up_into_the_folder_and_prunes_it(city, chief, config, run, old):
    short = {"BACKUPS_KEEP_LAST": 2, "BACKUPS_KEEP_WEEKS": 0}
    there = lambda: {file.name for file in folder(config).glob("lvyi-*.tar.gz")}  # noqa: E731
    done = run("prune-backups", "--dry-run", **short)
    assert (done.exit_code, done.output.splitlines()) == (0, [f"将清理 {name}" for name in reversed(old[2:])])
    assert there() == set(old)
    done = run("prune-backups", BACKUPS_KEEP_LAST=3, BACKUPS_KEEP_WEEKS=0)
    assert (done.exit_code, there()) == (0, set(old[:3]))
    assert removals(city) == [(None, name) for name in reversed(old[3:])]

    done = run("backup", **short)
    assert done.exit_code == 0, done.output
    assert f"已清理过期的备份 {old[1]}。" in done.output
    assert "已备份并核对" in done.output
    assert old[0] in there()
    assert len(there()) == 2
    [newest] = [one for one in chief.get("/api/v1/backups").json()["items"] if one["removed"]]
    assert newest["removed"] == [old[2], old[1]]
    assert run("prune-backups", **short).output == "没有过期的备份。\n"
    assert run("backup", BACKUPS_KEEP_LAST=0).exit_code != 0
