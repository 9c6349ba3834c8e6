"""Reads of what was signed: the text and the attachments that a co-signer accepted, beside the present ones."""

from sqlalchemy import Connection, select

from app.core.sql import AnyRow, table
from app.files.models import File
from app.proposals.models import Proposal, ProposalSigner, ProposalVersion
from app.proposals.settings.rules import Part, Wording, changes

_p, _s, _v, _f = table(Proposal), table(ProposalSigner), table(ProposalVersion), table(File)
_TEXT = ("title", "situation", "suggestions")


def files_of(conn: Connection, proposal_id: int) -> list[str]:
    """The keys of a proposal's attachments."""
    attached = select(_f.c.key).where(_f.c.subject_type == "proposal", _f.c.subject_id == proposal_id)
    return list(conn.scalars(attached.order_by(_f.c.key)))


def present(conn: Connection, proposal_id: int) -> Wording:
    """The text and the attachments as they are now."""
    text = conn.execute(select(*(_p.c[name] for name in _TEXT)).where(_p.c.id == proposal_id)).one()
    files = frozenset(files_of(conn, proposal_id))
    return Wording(text.title, text.situation, text.suggestions, files)


def signed(conn: Connection, proposal_id: int, signer: AnyRow) -> Wording | None:
    """What a co-signer accepted; None when nobody noted which version that was."""
    version = (_v.c.proposal_id == proposal_id) & (_v.c.version == signer.signed_version)
    text = conn.execute(select(*(_v.c[name] for name in _TEXT)).where(version)).one_or_none()
    files = None if signer.signed_files is None else frozenset(signer.signed_files)
    return Wording(text.title, text.situation, text.suggestions, files) if text else None


def changed_since(conn: Connection, proposal_id: int, seat_id: int) -> list[Part]:
    """What has changed since a seat signed."""
    mine = (_s.c.proposal_id == proposal_id) & (_s.c.seat_id == seat_id)
    signer = conn.execute(select(_s.c.signed_version, _s.c.signed_files).where(mine)).one_or_none()
    was = signer and signed(conn, proposal_id, signer)
    return changes(was, present(conn, proposal_id)) if was else []
