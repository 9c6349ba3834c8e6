"""The proof of the log: every hash, every seal, the head, and the anchors kept outside of the database.

Whoever writes to the database can make a chain of his own, but no seal. The chain is sound when each hash covers the
one before, no seal is false, each anchored entry is what its anchor says, and the end is vouched for: the newest entry
by a seal of this server, and the head by another. Entries from before there were seals are covered by the first one
after them.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, TypedDict

from sqlalchemy import Connection, select

from app.audit.anchors import Anchor
from app.audit.chain import COVERED, entry_hash
from app.audit.keys import keys
from app.audit.models import AuditEntry, AuditHead
from app.core.sql import table

_BATCH = 1000

_e, _h = table(AuditEntry), table(AuditHead)


class AuditFault(StrEnum):
    """What a proof found."""

    CHANGED = "changed"
    SEAL = "false_seal"
    ANCHOR = "other_than_anchored"
    CUT = "cut_off"
    HEAD = "false_head"
    UNSEALED = "not_vouched_for"


FAULT_LABELS = {
    AuditFault.CHANGED: "内容与当初写入的不符，或其前面的记录被删除",
    AuditFault.SEAL: "封印不符，是绕过本系统写入的",
    AuditFault.ANCHOR: "与库外锚点不符，其前面的记录被重写或删除",
    AuditFault.CUT: "末尾的记录被删除",
    AuditFault.HEAD: "链头被改动或删除",
    AuditFault.UNSEALED: "没有本服务器密钥的封印：数据库被绕过系统改动，或者更换过密钥（见运维手册“审计”）",
}


class Proof(TypedDict):
    """How far the chain was proven: `broken` is the first entry that is not what was written, `next` where to go on."""

    checked: int
    broken: int | None
    fault: AuditFault | None
    next: int | None


class _Walk:
    """Goes along the entries after `after`; `fault_at` says what is wrong with the next one."""

    def __init__(self, conn: Connection, after: int, kept: Sequence[Anchor]) -> None:
        self.anchored = {anchor.entry: anchor.hash for anchor in kept}
        self.due = sorted({anchor.entry for anchor in kept if anchor.entry > after}, reverse=True)
        before = select(_e.c.id, _e.c.hash, _e.c.seal).where(_e.c.id <= after)
        row = conn.execute(before.order_by(_e.c.id.desc()).limit(1)).first()
        self.previous: str = row.hash if row else ""
        self.last: int = row.id if row else 0
        self.seals = conn.scalar(select(_e.c.id).where(_e.c.seal.is_not(None)).limit(1)) is not None
        #: The first of the newest entries for which neither seal nor anchor vouches.
        self.open: int | None = None
        if row and not self._is_vouched_for(row.id, row.hash, row.seal):
            self.open = row.id

    def _is_vouched_for(self, id: int, digest: str, seal: str | None) -> bool:
        return keys().vouches("entry", digest, seal) or self.anchored.get(id) == digest

    def fault_at(self, entry: dict[str, Any]) -> tuple[int, AuditFault] | None:
        """Take one more entry."""
        id, digest, seal = entry["id"], entry["hash"], entry["seal"]
        while self.due and self.due[-1] <= id:
            anchored = self.due.pop()
            if anchored < id or self.anchored[anchored] != digest:
                return anchored, AuditFault.ANCHOR
        if entry["previous_hash"] != self.previous or digest != entry_hash(self.previous, entry):
            return id, AuditFault.CHANGED
        if self._is_vouched_for(id, digest, seal):
            self.open = None
        elif seal is not None and keys().knows(seal):
            return id, AuditFault.SEAL
        elif self.open is None:
            self.open = id
        self.previous, self.last = digest, id
        return None

    def fault_at_end(self, head: Any, *, met_head: bool) -> tuple[int, AuditFault] | None:
        """What is wrong when there are no more entries."""
        if self.due:
            return self.last + 1, AuditFault.CUT
        if head is None:
            return (self.last + 1, AuditFault.HEAD) if self.last else None
        if not met_head:
            return self.last + 1, AuditFault.CUT
        if self.open is not None and (self.seals or self.anchored):
            return self.open, AuditFault.UNSEALED
        if self.seals and not keys().vouches("head", head.hash, head.seal):
            return self.last + 1, AuditFault.HEAD
        return None


def prove(conn: Connection, after: int = 0, limit: int | None = None, kept: Sequence[Anchor] = ()) -> Proof:
    """Prove up to `limit` entries after entry `after`, and the end of the log if that is reached.

    The walk to the end must pass the hash that the head had at its beginning: when entries were cut off at the
    end of the log, `broken` is the first id that is missing.
    """
    head = conn.execute(select(_h.c.hash, _h.c.seal)).first()
    walk, checked = _Walk(conn, after, kept), 0
    met_head = head is not None and walk.previous == head.hash
    for entry in _entries(conn, after):
        if checked == limit:
            return {"checked": checked, "broken": None, "fault": None, "next": walk.last}
        if fault := walk.fault_at(entry):
            return _broken(checked, fault)
        checked += 1
        met_head = met_head or (head is not None and walk.previous == head.hash)
    return _broken(checked, walk.fault_at_end(head, met_head=met_head))


def _broken(checked: int, fault: tuple[int, AuditFault] | None) -> Proof:
    broken, what = fault or (None, None)
    return {"checked": checked, "broken": broken, "fault": what, "next": None}


def _entries(conn: Connection, after: int) -> Iterator[dict[str, Any]]:
    columns = [_e.c[name] for name in ("id", *COVERED, "previous_hash", "hash", "seal")]
    batch = select(*columns).order_by(_e.c.id).limit(_BATCH)
    while rows := conn.execute(batch.where(_e.c.id > after)).mappings().all():
        yield from (dict(row) for row in rows)
        after = rows[-1]["id"]


def verify_chain(conn: Connection, kept: Sequence[Anchor] = ()) -> int | None:
    """The first entry that is not what was written, None when the whole log is."""
    return prove(conn, kept=kept)["broken"]
