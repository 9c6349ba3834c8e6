"""The manual is checked by running its lines, and the Chinese one is kept in step with the English one.

A block after `<!-- run -->` is run as it is printed, in order, as a new operator would; only the folders are others.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import make_url

from app.core import clock
from tests.factories.second_factor import code
from tests.support.databases import postgres_database
from tests.support.servers import free_port, lvyi

DOCS = Path(__file__).parents[1] / "docs"
MANUALS = {
    name: (DOCS / name).read_text(encoding="utf-8") for name in ("operations.md", "operations.zh-CN.md")
}
BLOCK = re.compile(r"(?:<!-- (run[^>]*?) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
#: What the test writes into the workbooks that the manual tells to fill in.
FILLED: dict[str, list[dict[str, str]]] = {
    "承办单位.xlsx": [{"单位名称": "市教育局", "类别": "政府部门"}],
    "工作人员.xlsx": [
        {"姓名": "钱某", "手机号码": "13800000005", "角色": "承办单位人员", "承办单位": "市教育局"},
    ],
    "参加单位.xlsx": [{"单位名称": "教育界", "负责人": "周岚"}],
    "委员名册.xlsx": [
        {"姓名": "周岚", "界别": "教育界", "专委会": "提案委员会", "手机号码": "13800000006"},
        {"姓名": "孙敏", "界别": "医卫界", "专委会": "提案委员会", "手机号码": "13800000007"},
    ],
}


def blocks(manual: str) -> list[tuple[str, str, str]]:
    """Mark, language and lines of each block; comments, which are in the language of the manual, left out."""
    return [
        (mark, language, re.sub(r"(^|\s+)#( .*)?$", "", code, flags=re.MULTILINE))
        for mark, language, code in BLOCK.findall(manual)
    ]


def headings(manual: str) -> list[int]:
    """The level of each heading, in order."""
    return [len(level) for level in re.findall(r"^(#+) ", BLOCK.sub("", manual), flags=re.MULTILINE)]


def test_both_manuals_have_the_same_headings_blocks_and_tables():
    english, chinese = MANUALS.values()
    assert headings(english) == headings(chinese)
    assert blocks(english) == blocks(chinese)
    names = [re.findall(r"^\| (`.*?`|[^|]*?) \|", text, flags=re.MULTILINE) for text in (english, chinese)]
    assert len(names[0]) == len(names[1])
    assert [n for n in names[0] if n.startswith("`")] == [n for n in names[1] if n.startswith("`")]


class Operator:
    """A new operator, who runs blocks of the manual in a folder of his own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "lib").mkdir()
        (folder / "bin").mkdir()
        program = folder / "bin" / "lvyi"
        program.write_text(f'#!/bin/sh\nexec {shlex.join(lvyi())} "$@"\n')
        program.chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(DOCS.parent),
            "LVYI_DATABASE_URL": f"sqlite:///{folder / 'lib' / 'lvyi.sqlite3'}",
            "LVYI_DATA_DIR": str(folder / "lib"),
            "LVYI_TOKEN_SECRET": "test-secret-test-secret-test-secret!",
            "LVYI_PASSWORD_HASHING": "fast",
            "LVYI_LOG_LEVEL": "ERROR",
        }
        del self.environment["LVYI_STAFF_SECOND_FACTOR"]  # what tests do without
        (folder / "backups").mkdir()

    def run(self, code: str) -> str:
        """Run a block; it must succeed."""
        done = subprocess.run(
            ["bash", "-euc", code.replace("/var/backups/lvyi", str(self.folder / "backups"))],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{code}\n{done.stdout}{done.stderr}"
        return done.stdout

    def fill_in(self) -> None:
        """Write people into the templates that are there and still empty."""
        for name, rows in FILLED.items():
            file = self.folder / name
            if not file.exists():
                continue
            book = load_workbook(file)
            sheet: Any = book.worksheets[0]
            columns = {cell.value: cell.column for cell in sheet[1]}
            for number, row in enumerate(rows, 2):
                for column, value in row.items():
                    sheet.cell(number, columns[column]).value = value
            book.save(file)

    def serve(self, code: str) -> tuple["subprocess.Popen[bytes]", str]:
        """Start the server in the background; its address once it is ready."""
        port = free_port()
        words = [*code.split(), "--port", str(port)]
        words[0] = str(self.folder / "bin" / "lvyi")
        started = subprocess.Popen(words, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL)
        url, ends_at = f"http://127.0.0.1:{port}", time.monotonic() + 90
        client = httpx.Client(timeout=5)
        while True:
            assert started.poll() is None, "the server ended"
            assert time.monotonic() < ends_at, "the server did not get ready"
            with suppress(httpx.TransportError):
                if client.get(f"{url}/readyz").status_code == 200:
                    return started, url
            time.sleep(0.1)

    def move_to(self, database_url: str, owner_url: str | None = None) -> None:
        """From now on another empty database and data folder."""
        folder = self.folder / f"moved-{make_url(database_url).get_backend_name()}"
        folder.mkdir()
        self.environment |= {"LVYI_DATABASE_URL": database_url, "LVYI_DATA_DIR": str(folder)}
        if owner_url:
            self.environment["LVYI_MIGRATION_DATABASE_URL"] = owner_url


@pytest.fixture
def new_urls(postgres_server: str, tmp_path: Path) -> Iterator[list[str]]:
    """An empty database of each kind for the restore: onto PostgreSQL it is the move."""
    with postgres_database(postgres_server) as url:
        yield [f"sqlite:///{tmp_path / 'new.sqlite3'}", url]


def test_a_new_operator_gets_by_on_the_manual_alone(tmp_path: Path, new_urls: list[str]):
    operator, said = Operator(tmp_path), ""
    runnable = [(mark, lines) for mark, _, lines in blocks(MANUALS["operations.md"]) if mark]
    assert [mark for mark, _ in runnable] == ["run", "run", "run: serve", "run", "run", "run: restore"]
    for mark, lines in runnable:
        if mark == "run: serve":
            started, url = operator.serve(lines)
            try:
                the_first_clerk_opens_a_topic(url, said)
            finally:
                started.terminate()
                started.wait(30)
            continue
        for new_url in new_urls if mark == "run: restore" else [None]:
            if new_url:
                operator.move_to(new_url)
            said += operator.run(lines)
        operator.fill_in()
    assert "核对完成，没有写入：新增 2，更新 0，不变 0" in said
    assert "导入完成：新增 2，更新 0，不变 0，发放初始密码 2。" in said
    assert (tmp_path / "委员初始密码.xlsx").stat().st_mode & 0o077 == 0
    for each in ("全部一致。", "条审计记录完整无误。", "个文件完整无误。"):
        assert said.count(each) >= len(new_urls), each


def the_first_clerk_opens_a_topic(url: str, said: str) -> None:
    """What the phone's page does for him: log in, change the password, set up the second factor, open a topic."""
    password = re.findall(r"一次性密码：(\S+)", said)[3]
    login = {"phone": "13800000004", "password": password}
    with httpx.Client(base_url=f"{url}/api/v1", timeout=30) as client:
        first = client.post("/auth/login", json=login)
        assert first.status_code == 200, first.text
        client.headers["Authorization"] = f"Bearer {first.json()['access_token']}"
        client.cookies.clear()  # the token is in the header
        change = {"current_password": password, "new_password": "云川的春天 2026"}
        changed = client.put("/auth/password", json=change)
        assert changed.status_code == 204, changed.text
        again = client.post("/auth/login", json=login | {"password": "云川的春天 2026"})
        client.headers["Authorization"] = f"Bearer {again.json()['access_token']}"
        client.cookies.clear()
        assert again.json()["me"]["due"] == "second_factor_required"
        begun = client.post("/auth/second-factor", json={"password": "云川的春天 2026"})
        confirmed = client.put("/auth/second-factor", json={"code": code(begun.json()["secret"])})
        assert len(confirmed.json()["recovery_codes"]) > 1, confirmed.text
        assert client.get("/auth/me").json()["due"] is None
        now = clock.now()
        topic = {
            "title": "如何让老旧小区加装电梯更顺畅",
            "summary": "请各位委员提出意见。",
            "opens_at": now.isoformat(),
            "closes_at": (now + timedelta(days=30)).isoformat(),
        }
        opened = client.post("/topics", json=topic, headers={"Idempotency-Key": "the-first-topic"})
        assert opened.status_code == 201, opened.text


def test_units_of_the_manual_are_valid(tmp_path: Path):
    program = shutil.which("systemd-analyze")
    code = [lines for _, language, lines in blocks(MANUALS["operations.md"]) if language == "ini"]
    assert len(code) == 3
    for lines in code:
        sections = re.findall(r"^\[(\w+)\]$", lines, flags=re.MULTILINE)
        assert sections[0] == "Unit"
        assert all("=" in line for line in lines.splitlines() if line and not line.startswith("["))
    if program is None:
        return
    calendar = re.findall(r"^OnCalendar=(.*)$", "\n".join(code), flags=re.MULTILINE)
    for moment in calendar:
        done = subprocess.run([program, "calendar", moment], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
