"""The archive of a window: one folder for each proposal, and an index; never more of it in memory than one file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import Connection, Engine

from app.auth.actor import Actor
from app.core.paging import PageRows
from app.exports.lists import tables
from app.exports.proposals import document, queries
from app.exports.proposals.queries import Attachment, Dossier
from app.exports.renderers import docx
from app.files import store
from app.proposals.lists.queries import ProposalFilter, ProposalScope, page_of_proposals

Entry = tuple[str, bytes | Path]


class _Sink:
    """Takes what a ZIP writes, and gives it on; it cannot be gone back in, so the ZIP is written in one go."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """Everything since the last time."""
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A ZIP of named contents and files, piece by piece; they are compressed already."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:  # type: ignore[call-overload] # what cannot seek suffices
        for name, content in entries:
            if isinstance(content, Path):
                archive.write(content, name)
            else:
                archive.writestr(name, content)
            yield sink.taken()
    yield sink.taken()


def entries(reads: Engine, actor: Actor, window_id: int, files: Path) -> Iterator[Entry]:
    """The index, then the folders of all proposals on file in the order of their numbers."""
    yield "提案目录.xlsx", _index(reads, actor, window_id)
    last = 0
    while True:
        with reads.connect() as conn:
            found = queries.of_window(conn, actor, window_id, last)
        if not found:
            return
        for dossier in found:
            yield from _folder(dossier, files)
        last = found[-1].number or last


def _folder(dossier: Dossier, files: Path) -> Iterator[Entry]:
    paper = document.proposal(dossier)
    folder = document.file_name(f"{dossier.number:04}", dossier.title)
    yield f"{folder}/{paper.name}.docx", docx.render(paper)
    for place, letter in enumerate(dossier.replies, 1):
        sent = document.reply(dossier, letter)
        yield f"{folder}/答复{place} {sent.name}.docx", docx.render(sent)
        yield from _attached(f"{folder}/答复{place} 附件", letter.attachments, files)
    yield from _attached(f"{folder}/附件", dossier.attachments, files)


def _attached(before: str, attachments: Iterable[Attachment], files: Path) -> Iterator[Entry]:
    for place, attachment in enumerate(attachments, 1):
        name, path = Path(attachment.name), store.path(files, attachment.sha256)
        entry = f"{before}{place} {document.file_name(name.stem)}{name.suffix}"
        if damage := store.damage(files, attachment.sha256):
            said = f"这个附件在服务器上{store.DAMAGE_LABELS[damage]}，请管理员从备份中恢复。"
            yield f"{entry}（缺失）.txt", said.encode()
        else:
            yield entry, path


def _index(reads: Engine, actor: Actor, window_id: int) -> bytes:
    wanted = ProposalFilter(window_id=window_id)

    def pages(conn: Connection, cursor: str | None) -> PageRows:
        return page_of_proposals(conn, actor, ProposalScope.FILED, wanted, cursor, tables.AT_ONCE)

    with reads.connect() as conn:
        rows = sorted(tables.every(conn, pages), key=lambda row: row["number"])
    return tables.PROPOSALS.xlsx(rows, actor.zone)[0]
