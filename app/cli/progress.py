"""Progress on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from app.core.excel.report import Progress


@contextmanager
def bars() -> Iterator[Progress]:
    """A progress bar for each stage that is told of."""
    from rich.progress import Progress as Bars

    stages: dict[str, TaskID] = {}
    with Bars(transient=True) as shown:

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = shown.add_task(stage, total=total)
            shown.update(stages[stage], completed=done, total=total)

        yield progress
