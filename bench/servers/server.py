"""Servers under test: uvicorn with uvloop and httptools, one process, on one core, and what it costs them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server; `pid` is its only process."""

    pid: int
    port: int

    @property
    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_seconds(self.pid)

    @property
    def peak_rss(self) -> float:
        """The most memory it ever held, in MB."""
        return self._kilobytes("VmHWM") / 1024

    @property
    def rss(self) -> int:
        """The memory it holds, in kB."""
        return self._kilobytes("VmRSS")

    def _kilobytes(self, what: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split(f"{what}:")[1].split()[0])


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid: int, *, children: bool = False) -> float:
    """CPU seconds of a process; with `children` those of its living and past children instead of its own."""
    own = _stat(pid)
    if not children:
        return (int(own[11]) + int(own[12])) / _TICK
    living = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                child = _stat(int(entry.name))
            except FileNotFoundError:
                continue
            if int(child[1]) == pid:
                living += int(child[11]) + int(child[12])
    return (living + int(own[13]) + int(own[14])) / _TICK


@contextmanager
def serve(app: str, core: int, environment: dict[str, str]) -> Iterator[Server]:
    """Serve the factory `app` on a free port of 127.0.0.1, pinned to `core`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = [app, "--factory", f"--port={port}", "--loop=uvloop", "--http=httptools", "--no-access-log"]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *options, "--log-level=warning"],
        env=os.environ | environment,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 - no thread of ours runs yet
    )
    try:
        _wait(process, port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urlopen(f"http://127.0.0.1:{port}/openapi.json").close()
        except OSError as error:
            if "Connection refused" not in str(error):
                return
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")
