"""Background papers from a folder of text files, as secretariats keep them."""

from pathlib import Path

from app.core.language.text import of_file
from app.deliberation.schemas import TopicPaperIn

#: Larger files are no papers for a phone.
MAX_BYTES = 200_000
_MAX_BODY, _MAX_TITLE = 20_000, 120


class PaperError(ValueError):
    """A file that cannot be a paper; the message names it, in Chinese."""


def read_papers(folder: Path) -> list[TopicPaperIn]:
    """Every `.txt` file of a folder as one paper: its first line is the title; a long text becomes several parts.

    Marks that print nothing are dropped. `PaperError` for a file that is too large or not text.
    """
    papers = []
    for file in sorted(folder.glob("*.txt")):
        if file.stat().st_size > MAX_BYTES:
            raise PaperError(f"{file.name}：超过 {MAX_BYTES // 1000} kB，不适合作为参阅材料。")
        try:
            text = of_file(file.read_bytes())
        except ValueError as e:
            raise PaperError(f"{file.name}：不是可读的文本文件。") from e
        title, _, _ = text.partition("\n")
        title = title.replace("\t", " ").strip()[: _MAX_TITLE - 8] or file.stem
        parts = _parts(text)
        for number, body in enumerate(parts, 1):
            named = f"{title}({number}/{len(parts)})" if len(parts) > 1 else title
            papers.append(TopicPaperIn(title=named, body=body))
    return papers


def _parts(text: str) -> list[str]:
    """Pieces of at most `_MAX_BODY` characters, cut between paragraphs where there are any."""
    parts, rest = [], text
    while len(rest) > _MAX_BODY:
        cut = rest.rfind("\n", 1, _MAX_BODY)
        cut = cut if cut > 0 else _MAX_BODY
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*parts, rest] if rest else parts
