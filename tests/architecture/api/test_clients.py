"""Clients that strangers' tools generate from the committed document work against the running server."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.auth.models import Account
from app.auth.passwords.hashing import hash_password
from tests.factories.city import City
from tests.support.servers import serving

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "openapi" / "openapi.json"
PASSWORD = "望江楼上看见一百盏灯"


@pytest.fixture
def database_url(sqlite_url):
    """Clients do not see the kind of database."""
    return sqlite_url


@pytest.fixture
def phone(city: City) -> str:
    member = city.member("周岚")
    with city.database.transaction() as db:
        account = db.get(Account, member.account_id)
        assert account
        account.password_hash = hash_password(PASSWORD, city.app.state.settings)
    return member.phone


def test_a_generated_python_client_logs_in_posts_and_reads(app, city, phone, tmp_path, monkeypatch):
    config = tmp_path / "config.yaml"
    config.write_text("package_name_override: lvyi_client\nproject_name_override: lvyi-client\n")
    made = subprocess.run(
        [
            *(
                sys.executable,
                str(ROOT / "scripts" / "uv.py"),
                "tool",
                "run",
                "openapi-python-client==0.29.1",
            ),
            *(
                "generate",
                "--path",
                str(DOCUMENT),
                "--output-path",
                str(tmp_path / "py"),
                "--config",
                str(config),
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "will not be generated" not in made.stdout, made.stdout
    assert "Unable to" not in made.stdout, made.stdout
    monkeypatch.syspath_prepend(tmp_path / "py")

    def module(name: str):
        return importlib.import_module(f"lvyi_client.{name}")

    models = module("models")
    with serving(app) as address:
        anonymous = module("client").Client(base_url=address)
        login = _operation(tmp_path / "py/lvyi_client/api", "auth_login")
        opened = login.sync(client=anonymous, body=models.LoginIn(phone=phone, password=PASSWORD))
        client = module("client").AuthenticatedClient(base_url=address, token=opened.access_token)
        post = _operation(tmp_path / "py/lvyi_client/api", "feed_post_update")
        body = models.UpdateIn(body="由生成的客户端发布。", kind=models.UpdateKind.VISIT)
        sent = [post.sync(client=client, body=body, idempotency_key="generated-0001") for _ in range(2)]
        feed = _operation(tmp_path / "py/lvyi_client/api", "feed_list_updates").sync(client=client)
        assert sent[0].id == sent[1].id
        assert [u.body for u in feed.items] == ["由生成的客户端发布。"]


def _operation(api: Path, name: str):
    """A generated operation, whatever its tag became as a folder."""
    (found,) = api.rglob(f"{name}.py")
    return importlib.import_module(f"lvyi_client.api.{found.parent.name}.{name}")


SCRIPT = """
import createClient from "openapi-fetch";
import type { paths } from "./api";
const [address, phone, password] = process.argv.slice(2) as [string, string, string];
const api = createClient<paths>({ baseUrl: address });
const login = await api.POST("/api/v1/auth/login", { body: { phone, password } });
if (!login.data?.access_token) throw new Error(JSON.stringify(login.error));
const headers = { Authorization: `Bearer ${login.data.access_token}` };
await api.POST("/api/v1/updates", { headers, body: { body: "由 TypeScript 客户端发布。", kind: "visit" } });
const feed = await api.GET("/api/v1/updates", { headers, params: { query: { limit: 5 } } });
console.log(JSON.stringify(feed.data?.items.map((u) => u.body)));
"""


@pytest.mark.skipif(
    shutil.which("npm") is None and not os.environ.get("CI"),
    reason="needs Node's npm, which the server itself does not; CI has it",
)
def test_generated_typescript_types_check_and_run(app, city, phone, tmp_path):
    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "package.json").write_text('{"type": "module", "private": true}')
    (tmp_path / "client.ts").write_text(SCRIPT)
    packages = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20")
    run("npm", "install", "--no-audit", "--no-fund", "--silent", *packages)
    run("npx", "openapi-typescript", str(DOCUMENT), "--output", "api.d.ts")
    run(
        *(
            "npx",
            "tsc",
            "--strict",
            "--target",
            "es2022",
            "--module",
            "esnext",
            "--moduleResolution",
            "bundler",
        ),
        *("--skipLibCheck", "--types", "node", "client.ts"),
    )
    with serving(app) as address:
        assert "由 TypeScript 客户端发布。" in run("node", "client.js", address, phone, PASSWORD)
