"""A server or a command that notes how long each of its transactions held the one writer of SQLite.

`BENCH_HOLDS` names a file: one line for each transaction, the thread and the seconds of the clock and of the CPU.
"""

import os
import sys
import threading
from pathlib import Path

from fastapi import FastAPI

from bench.servers.tireless import lift
from tests.support.holds import watch


def _note() -> None:
    file = Path(os.environ["BENCH_HOLDS"]).open("a", buffering=1)  # noqa: SIM115 - for as long as the process
    watch(lambda seconds, cpu: print(threading.current_thread().name, seconds, cpu, file=file))


def create_app() -> FastAPI:
    """The application, watched."""
    from app import serving  # noqa: PLC0415

    _note()
    lift()
    return serving.create_app()


if __name__ == "__main__":
    from app.cli import main

    _note()
    sys.argv[0] = "lvyi"
    main()
