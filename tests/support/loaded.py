"""Processes that begin with the product loaded: forked from one of this run that has imported it all.

`python -c` imports for three seconds of CPU before its first line, and the tests start a hundred of them. What a test
says of the start itself, of hashing or of memory needs a process from scratch: `sys.executable`.
"""

import atexit
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
ASK = Path(__file__).with_name("ask_loaded.py")
#: Imported before the first process is forked; what any of them needs beside is imported by itself.
LOADED = (
    *(
        "app.cli",
        "app.main",
        "app.serving",
        "app.backup.restore",
        "app.demo.fill",
        "app.core.schema.migrations",
    ),
    *(
        "uvicorn.protocols.http.httptools_impl",
        "uvicorn.lifespan.on",
        "uvloop",
        "xlsxwriter",
        "unittest.mock",
    ),
)


def python(code: str, *words: str) -> list[str]:
    """The command line that runs `code` with arguments, as `python -c` does, in a process that is loaded already."""
    return [sys.executable, "-I", "-S", str(ASK), _address(), code, *words]


@cache
def _address() -> str:
    """The socket of the loaded process, which ends with this one."""
    folder = tempfile.TemporaryDirectory(prefix="lvyi-loaded-")
    where = f"{folder.name}/socket"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", __name__, where]
    loaded = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def end() -> None:
        loaded.communicate()
        folder.cleanup()

    atexit.register(end)
    assert loaded.stdout is not None
    assert loaded.stdout.readline() == b"loaded\n"
    return where


def _fork_for_each(where: str) -> tuple[str, list[str]]:
    """Fork a process for each that asks, until standard input ends; returns in the forked ones: code and arguments."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(where)
    door.listen(32)
    print("loaded", flush=True)  # noqa: T201 - to who started it
    while door in select.select([door, sys.stdin], [], [])[0]:
        asked, _ = door.accept()
        if os.fork() == 0:
            door.close()
            return _begin(asked)
        asked.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    os._exit(0)


def _begin(asked: socket.socket) -> tuple[str, list[str]]:
    """Fork what was asked for and return in it; the forking process watches over it and never returns."""
    length, files, _, _ = socket.recv_fds(asked, 8, 3)
    with asked.makefile("rb") as said:
        order = json.loads(said.read(int.from_bytes(length, "big")))
    if pid := os.fork():
        _watch(asked, pid)
    asked.close()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    return order["code"], order["words"]


def _watch(asked: socket.socket, pid: int) -> None:
    """Tell who asked how its process ended; when they are gone, end it."""
    with suppress(BrokenPipeError):
        asked.sendall(pid.to_bytes(8, "big"))
    ends: list[Any] = [asked, os.pidfd_open(pid)]
    if asked in select.select(ends, [], [])[0]:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):
        asked.sendall(status.to_bytes(8, "big", signed=True))
    os._exit(0)


def _run(code: str, words: Sequence[str]) -> int:
    """Run code as a program of its own; its exit code."""
    sys.argv = ["-c", *words]
    sys.modules["__main__"] = main = ModuleType("__main__")
    try:
        exec(compile(code, "<string>", "exec"), main.__dict__)  # noqa: S102 - it is the test's
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)  # noqa: T201 - as Python does
        return 1
    except BaseException:  # noqa: BLE001 - as Python does
        traceback.print_exc()
        return 1
    return 0


def main(where: str) -> None:
    """Load everything, then be forked."""
    gc.disable()
    for name in LOADED:
        importlib.import_module(name)
    from app.core.schema.migrations import load_models  # noqa: PLC0415 - now that the collector rests
    from app.main import load_routers  # noqa: PLC0415

    load_routers()
    load_models()
    gc.freeze()
    code, words = _fork_for_each(where)
    gc.enable()
    random.seed()
    status = _run(code, words)
    threading._shutdown()  # type: ignore[attr-defined] # as at the end of every interpreter
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # taking apart what is loaded takes as long as loading it


if __name__ == "__main__":
    main(sys.argv[1])
