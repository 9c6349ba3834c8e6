"""What is exported, always with an entry in the audit log: a document, a list, the archive of a window."""

from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

from fastapi import Response
from sqlalchemy import Engine
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import NotFound
from app.core.excel.writer import write_tables
from app.core.web.downloads import download
from app.exports.lists import tables
from app.exports.lists.tables import List, Pages
from app.exports.opinions import document as opinion_document
from app.exports.opinions.queries import issue
from app.exports.outputs import document as output_document
from app.exports.proposals import archive, document, queries
from app.exports.renderers import docx, pdf
from app.exports.renderers.document import Document
from app.exports.speeches import document as speech_document
from app.exports.years import bulletin as year_bulletin
from app.exports.years import report as year_report
from app.exports.years.queries import year_of_all, year_of_duty
from app.proposals.windows.queries import window

Ending = Literal["docx", "pdf"]

#: Sheets made at a time; the others wait.
_making = BoundedSemaphore(2)


def proposal(reads: Engine, db: Session, actor: Actor, proposal_id: int, ending: Ending) -> Response:
    """A proposal in the official layout."""
    with reads.connect() as conn:
        paper = document.proposal(queries.dossier(conn, actor, proposal_id))
    audit(db, actor, "proposal.exported", ("proposal", proposal_id), format=ending)
    return _document(paper, ending)


def reply(
    reads: Engine, db: Session, actor: Actor, proposal_id: int, reply_id: int, ending: Ending
) -> Response:
    """A reply to a proposal as a letter; `NotFound` before it was sent."""
    with reads.connect() as conn:
        of = queries.dossier(conn, actor, proposal_id)
    letter = next((letter for letter in of.replies if letter.id == reply_id), None)
    if letter is None:
        raise NotFound
    audit(db, actor, "proposal.exported", ("proposal", proposal_id), format=ending, reply_id=reply_id)
    return _document(document.reply(of, letter), ending)


def opinion(reads: Engine, db: Session, actor: Actor, report_id: int, number: int | None) -> Response:
    """An opinion report as an issue of 社情民意信息."""
    with reads.connect() as conn:
        of = issue(conn, actor, report_id, number)
    audit(db, actor, "opinion.exported", ("opinion_report", report_id), format="docx")
    return _document(opinion_document.issue(of), "docx")


def output(reads: Engine, db: Session, actor: Actor, output_id: int, ending: Ending) -> Response:
    """An output in the official layout."""
    with reads.connect() as conn:
        paper = output_document.paper(conn, actor, output_id)
    audit(db, actor, "output.exported", ("output", output_id), format=ending)
    return _document(paper, ending)


def speech_book(reads: Engine, db: Session, actor: Actor, call_id: int, ending: Ending) -> Response:
    """The book of a call's chosen speeches."""
    with _making, reads.connect() as conn:
        response = _document(speech_document.book(conn, actor, call_id), ending)
    audit(db, actor, "speech_book.exported", ("speech_call", call_id), format=ending)
    return response


def _document(paper: Document, ending: Ending) -> Response:
    content = pdf.render(paper) if ending == "pdf" else docx.render(paper)
    return download(f"{paper.name}.{ending}", content, inline=ending == "pdf")


def report(reads: Engine, db: Session, actor: Actor, seat_id: int, year: int, ending: Ending) -> Response:
    """The duty report of a seat and a year."""
    with _making, reads.connect() as conn:
        of = year_of_duty(conn, actor, seat_id, year)
        response = _document(year_report.report(of), ending)
    audit(db, actor, "duty_report.exported", ("seat", seat_id), format=ending, year=year)
    return response


def bulletin(
    reads: Engine, db: Session, actor: Actor, bulletin_id: int, ending: Literal["docx", "pdf", "xlsx"]
) -> Response:
    """An annual bulletin as the actor may see it."""
    with _making, reads.connect() as conn:
        of = year_of_all(conn, actor, bulletin_id)
        if ending == "xlsx":
            out = BytesIO()
            write_tables(out, year_bulletin.tables(of))
            response = download(f"{of.name}.xlsx", out.getvalue())
        else:
            response = _document(year_bulletin.paper(of), ending)
    audit(db, actor, "bulletin.exported", ("bulletin", bulletin_id), format=ending)
    return response


def sheet(
    reads: Engine,
    db: Session,
    actor: Actor,
    of: List,
    pages: Pages,
    subject: tuple[str, int] | None = None,
) -> Response:
    """A whole list as Excel, read page by page as its own route would: who exports sees no more than who reads."""
    with _making, reads.connect() as conn:
        content, count = of.xlsx(tables.every(conn, pages), actor.zone)
    audit(db, actor, "list.exported", subject, list=of.name, rows=count)
    today = clock.local_day(clock.now(), actor.zone)
    return download(f"{of.title}{today:%Y%m%d}.xlsx", content)


def session(reads: Engine, db: Session, actor: Actor, window_id: int, files: Path) -> Response:
    """All proposals on file of a window with their attachments, as a ZIP that is made while it is downloaded."""
    with reads.connect() as conn:
        name = window(conn, actor, window_id)["name"]
        count = queries.count_of_window(conn, actor, window_id)
    audit(db, actor, "proposal_window.exported", ("proposal_window", window_id), rows=count)
    entries = archive.entries(reads, actor, window_id, files)
    return download(f"{document.file_name(name)}.zip", archive.zipped(entries))
