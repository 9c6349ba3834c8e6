"""Verb of phrases: keep the list of one kind of decision."""

from sqlalchemy import update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core.errors import Forbidden, Stale
from app.core.sql import insert_new, table
from app.phrases import queries
from app.phrases.kinds import PhraseKind
from app.phrases.models import PhraseList
from app.phrases.schemas import PhrasesIn, PhrasesOut

_l = table(PhraseList)


def keep(db: Session, actor: Actor, kind: PhraseKind, version: int, wanted: PhrasesIn) -> PhrasesOut:
    """Let these be the organization's phrases of a kind over a version; `Stale` when a colleague was faster."""
    conn = db.connection()
    present = queries.of_kind(conn, actor, kind)
    if not present["may_change"]:
        raise Forbidden("常用语全机关共用，由为全机关办理这项工作的科室整理。", code="whole_office_only")
    if present["texts"] == wanted.texts:
        return PhrasesOut.model_validate(present)
    here = {"organization_id": actor.organization_id, "kind": kind.value}
    if version == 0:
        saved = insert_new(conn, _l, here | {"texts": wanted.texts, "version": 1})
    else:
        standing = (_l.c.organization_id == actor.organization_id) & (_l.c.kind == kind)
        changes = {"texts": wanted.texts, "version": version + 1}
        saved = bool(
            conn.execute(update(_l).where(standing, _l.c.version == version).values(changes)).rowcount
        )
    shown = PhrasesOut.model_validate(queries.of_kind(conn, actor, kind))
    if not saved:
        raise Stale(current=shown.model_dump(mode="json"))
    audit(db, actor, "phrases.kept", kind=kind.value, phrases=len(wanted.texts))
    return shown
