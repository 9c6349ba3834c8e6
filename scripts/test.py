"""What CI runs: the checks, those of the clients, then the tests on SQLite and PostgreSQL; all, whatever fails.

The last line is the summary of pytest; checks that failed stand right above it and make the exit code 1.
"""

import os
import shutil
import subprocess
import sys

import pytest

CLIENTS = [sys.executable, "scripts/clients.py"]  # alone it builds; with arguments it is npm, in their folder
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
    "build of the clients": CLIENTS,
    "their types of the API": [*CLIENTS, "run", "fresh"],
    "their lint": [*CLIENTS, "run", "lint"],
    "their types": [*CLIENTS, "run", "check"],
    "their unit tests": [*CLIENTS, "run", "test"],
    "their weight": [*CLIENTS, "run", "budget"],
    "their oldest browsers": [*CLIENTS, "run", "floor"],
}
#: Only where there is a browser.
END_TO_END = {"their tests in a browser": [*CLIENTS, "run", "e2e"]}


def say(text: str) -> None:
    """A line that is seen between the outputs of the tools."""
    print(f"\n==> {text}", flush=True)


def has_chinese_font() -> bool:
    """Whether fontconfig knows one: without it words in a browser have other sizes."""
    program = shutil.which("fc-list")
    return bool(program and subprocess.run([program, ":lang=zh"], capture_output=True, check=False).stdout)


def has_chromium() -> bool:
    """Whether the machine has Chromium: its own, the one named by CHROMIUM, or one installed now, with a font."""
    missing = [] if has_chinese_font() else ["fonts-noto-cjk"]
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium")):
        missing.append("chromium")
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"not here: {', '.join(missing)}; installing with apt-get")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=False)
    return bool(os.environ.get("CHROMIUM") or shutil.which("chromium"))


class FailedChecks:
    """Names, in pytest's summary, the checks that failed before the tests began."""

    def __init__(self, failed: dict[str, list[str]], *, in_browser: bool) -> None:
        self.failed, self.in_browser = failed, in_browser

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Called by pytest."""
        if not self.in_browser:
            left_out = "LEFT OUT: every test in a browser. Install chromium or set CHROMIUM to its path."
            terminalreporter.section(left_out, yellow=True, bold=True)
        for name, command in self.failed.items():
            terminalreporter.section(f"{name} FAILED: {' '.join(command)}", red=True, bold=True)


def keep_bytecode() -> None:
    """Where the environment forbids it, each of the many processes would compile all modules anew, for seconds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def main() -> int:
    """Run everything; 0 when all of it held."""
    keep_bytecode()
    failed = {}
    in_browser = has_chromium()
    for name, command in (CHECKS | (END_TO_END if in_browser else {})).items():
        say(f"{name}: {' '.join(command)}")
        if subprocess.run(command, check=False).returncode:
            failed[name] = command
            say(f"{name} FAILED")
    workers = min(os.cpu_count() or 1, 8)
    say(f"tests, on {workers} processes")
    outcome = pytest.main(["-n", str(workers)], plugins=[FailedChecks(failed, in_browser=in_browser)])
    return int(outcome) or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
