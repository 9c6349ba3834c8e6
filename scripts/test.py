"""What CI runs: the checks, then the tests on SQLite and PostgreSQL; all, whatever fails on the way.

The last line is the summary of pytest; checks that failed stand right above it and make the exit code 1.
"""

import os
import subprocess
import sys

import pytest

CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
}


def say(text: str) -> None:
    """A line that is seen between the outputs of the tools."""
    print(f"\n==> {text}", flush=True)


class FailedChecks:
    """Names, in pytest's summary, the checks that failed before the tests began."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Called by pytest."""
        for name in self.names:
            terminalreporter.section(f"{name} FAILED: {' '.join(CHECKS[name])}", red=True, bold=True)


def main() -> int:
    """Run everything; 0 when all of it held."""
    failed = []
    for name, command in CHECKS.items():
        say(f"{name}: {' '.join(command)}")
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
            say(f"{name} FAILED")
    workers = min(os.cpu_count() or 1, 8)
    say(f"tests, on {workers} processes")
    outcome = pytest.main(["-n", str(workers)], plugins=[FailedChecks(failed)])
    return int(outcome) or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
