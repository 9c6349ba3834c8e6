"""What CI runs: the clients in a browser, beside them checks, then the tests on both databases; all, whatever fails.

The last line is the summary of pytest; checks that failed stand right above it and make the exit code 1.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import pytest

#: One output at a time.
PRINTING = Lock()
#: Of a check that failed, once more at the end of everything.
LAST_LINES = 25
CLIENTS = [sys.executable, "scripts/clients.py"]  # alone it builds; with arguments it is npm, in their folder
BUILD = {"build of the clients": CLIENTS}
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
    "the clients' types of the API": [*CLIENTS, "run", "fresh"],
    "their lint": [*CLIENTS, "run", "lint"],
    "their types": [*CLIENTS, "run", "check"],
    "their unit tests": [*CLIENTS, "run", "test"],
    "their weight": [*CLIENTS, "run", "budget"],
    "their oldest browsers": [*CLIENTS, "run", "floor"],
}
#: Each half has a server and a demo city of its own. Only where there is a browser.
HALVES = {
    f"the clients in a browser, half {half}": [
        *(*CLIENTS, "run", "e2e", "--"),
        *(f"--shard={half}/2", f"--output=test-results/{half}"),
    ]
    for half in (1, 2)
}


def say(text: str) -> None:
    """A line that is seen between the outputs of the tools."""
    print(f"\n==> {text}", flush=True)


def has_chinese_font() -> bool:
    """Whether fontconfig knows one: without it words in a browser have other sizes."""
    program = shutil.which("fc-list")
    return bool(program and subprocess.run([program, ":lang=zh"], capture_output=True, check=False).stdout)


def missing_packages() -> dict[str, str]:
    """Packages of Debian that tests in a browser need and the machine has not, and why."""
    missing = {}
    if not has_chinese_font():
        missing["fonts-noto-cjk"] = "without a Chinese font words in a browser have other sizes"
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium")):
        missing["chromium"] = "the clients are tested in it; CHROMIUM=path names another one"
    return missing


def has_chromium() -> bool:
    """Whether the machine has Chromium: its own, the one named by CHROMIUM, or one installed now, with a font."""
    missing = missing_packages()
    for package, why in missing.items():
        say(f"not here: {package}: {why}")
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"installing with apt-get: {', '.join(missing)}")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=False)
    return bool(os.environ.get("CHROMIUM") or shutil.which("chromium"))


class FailedChecks:
    """Tells, in pytest's summary, which checks failed beside the tests, and how their outputs end."""

    def __init__(self, failed: dict[str, str], beside: list[Future[dict[str, str]]]) -> None:
        self.failed, self.beside = failed, beside

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Called by pytest; waits for what runs beside the tests."""
        if not self.beside:
            left_out = "LEFT OUT: every test in a browser. Install chromium or set CHROMIUM to its path."
            terminalreporter.section(left_out, yellow=True, bold=True)
        for one in self.beside:
            self.failed |= one.result()
        for name, said in self.failed.items():
            terminalreporter.section(f"{name} FAILED", red=True, bold=True)
            terminalreporter.write_line(said)


def keep_bytecode() -> None:
    """Where the environment forbids it, each of the many processes would compile all modules anew, for seconds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def end_of(output: bytes) -> str:
    """The last lines, where tools say what failed."""
    return "\n".join(output.decode(errors="replace").splitlines()[-LAST_LINES:])


def failing(commands: dict[str, list[str]]) -> dict[str, str]:
    """Run commands one after another, each with its output at its end; the ends of the outputs of those that failed."""
    failed = {}
    for name, command in commands.items():
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        how = "FAILED" if done.returncode else "holds"
        with PRINTING:
            say(f"{name}: {' '.join(command)}")
            sys.stdout.buffer.write(done.stdout)
            say(f"{name}: {how}")
        if done.returncode:
            failed[name] = end_of(done.stdout)
    return failed


def main() -> int:
    """Run everything; 0 when all of it held."""
    keep_bytecode()
    in_browser = has_chromium()
    failed = failing(BUILD)
    with ThreadPoolExecutor(len(HALVES)) as browsers:
        beside = [browsers.submit(failing, {name: half}) for name, half in HALVES.items() if in_browser]
        failed |= failing(CHECKS)
        workers = min((os.cpu_count() or 1) + 1, 8)  # many tests wait for others
        say(f"tests, on {workers} processes")
        os.nice(5)  # they fill what the browsers leave, whose patience is shorter
        options = ["-n", str(workers), "--dist", "worksteal"]
        outcome = pytest.main(options, plugins=[FailedChecks(failed, beside)])
    return int(outcome) or int(bool(failed))


if __name__ == "__main__":
    if sys.argv[1:] == ["missing"]:  # for `make setup`, which installs nothing for the whole machine
        for package, why in missing_packages().items():
            say(f"not here: {package}: {why}; `make test` installs it where it may, as root with apt-get")
        sys.exit()
    sys.exit(main())
