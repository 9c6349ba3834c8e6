"""The file of one-time passwords that an import hands out: readable by its owner only, never overwritten."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.core.excel.reader import UnreadableWorkbookError
from app.core.excel.writer import write_workbook


def refuse_existing(path: Path | None) -> None:
    """`UnreadableWorkbookError` where passwords would overwrite others."""
    if path and path.exists():
        raise UnreadableWorkbookError(f"{path} 已经存在，请换一个文件名，以免覆盖原有的密码。")


@contextmanager
def written(
    path: Path | None, head: Sequence[str], rows: Sequence[Sequence[str]], has_written: Callable[[], bool]
) -> Iterator[None]:
    """Write the passwords before they are valid; remove the file when the block has written nothing."""
    if path is None or not rows:
        yield
        return
    path.touch(mode=0o600)
    try:
        write_workbook(path, {"初始密码": [head, *rows]})
        yield
    finally:
        if not has_written():
            path.unlink()
