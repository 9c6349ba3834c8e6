"""A process that is forked from a loaded one is to its test what `python -c` is."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.loaded import python


def test_arguments_input_environment_and_folder_are_its_own(tmp_path: Path):
    code = "import os, sys; print(sys.argv, sys.stdin.read(), os.environ['MINE'], os.getcwd())"
    env = os.environ | {"MINE": "云川"}
    words = python(code, "a", "b c")
    done = subprocess.run(
        words, input="said", env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"['-c', 'a', 'b c'] said 云川 {tmp_path}\n"


@pytest.mark.parametrize(
    ("code", "ends", "says"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('no')", 1, "no\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
        ("import os; os.kill(os.getpid(), 9)", -9, ""),
    ],
)
def test_it_ends_as_its_code_ends(code: str, ends: int, says: str):
    done = subprocess.run(python(code), capture_output=True, text=True, check=False)
    assert done.returncode == ends
    assert done.stderr.endswith(says)


def test_what_one_changes_no_other_sees():
    subprocess.run(python("import app.main; app.main.ROUTERS = ()"), check=True)
    done = subprocess.run(
        python("import app.main; print(len(app.main.ROUTERS))"), capture_output=True, check=True
    )
    assert int(done.stdout) > 10


WAITS = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
HEARS = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))"


@pytest.mark.parametrize(
    ("code", "sent", "ends"),
    [
        (WAITS, signal.SIGKILL, -signal.SIGKILL),
        (WAITS, signal.SIGTERM, -signal.SIGTERM),
        (f"{HEARS}; {WAITS}", signal.SIGTERM, 7),
    ],
)
def test_signals_reach_it_and_nothing_of_it_is_left(code: str, sent: signal.Signals, ends: int):
    with subprocess.Popen(python(code), stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        pid = int(started.stdout.readline())
        started.send_signal(sent)
    assert started.returncode == ends
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
