"""`lvyi demo` as the README has it: a process from scratch, with an empty folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.support.loaded import ROOT
from tests.support.servers import free_port


def test_the_demo_city_starts_in_an_empty_folder_and_lets_its_members_in(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "demo", "--port", str(port), "--scale", "0.05"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LVYI_PASSWORD_HASHING": "fast"}
    said = tmp_path / "said"
    with said.open("wb") as output:
        started = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", started, said)
        words = next(line for line in said.read_text().splitlines() if "手机号" in line).split()
        phone, password = (words[words.index(name) + 1] for name in ("手机号", "密码"))
        form = {"phone": phone, "password": password}
        assert httpx.post(f"http://127.0.0.1:{port}/api/v1/auth/login", json=form).status_code == 200
        started.send_signal(signal.SIGTERM)
        started.wait(30)
    finally:
        started.kill()
        started.wait(10)


def wait_for(url: str, started: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + 120
    while True:
        assert started.poll() is None, said.read_text()
        assert time.monotonic() < end, said.read_text()
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
