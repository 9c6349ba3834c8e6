"""What lies ahead: agendas, papers and seatings of activities to come; and what the office says again and again."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlmodel import Session

from app.activities.hall import service as halls
from app.activities.hall.queries import expected
from app.activities.hall.rules import SeatingOrder
from app.activities.hall.schemas import HallIn, PlaceIn
from app.activities.models import Activity
from app.activities.program.schemas import AgendaLine, PaperFile
from app.activities.program.service import write_agenda, write_papers
from app.auth.actor import Actor, holders
from app.core import clock
from app.core.sql import table
from app.demo.city.plan import ORGANIZATION, ORGANIZATION_ID
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.exports.renderers import pdf
from app.exports.renderers.document import Document, Text
from app.files import store
from app.files.models import File
from app.files.rules import PDF
from app.people.models import Post
from app.phrases import service as phrases
from app.phrases.kinds import PhraseKind
from app.phrases.schemas import PhrasesIn

_PROGRAMS = corpus("programs")
#: Chairs in a row, and how many of the first row are given by hand.
_COLUMNS, _IN_FRONT = 10, 4


def fill(db: Session, world: World) -> None:
    """Prepare what is to come, as the secretariat does, by its services."""
    conn = db.connection()
    (staff,) = holders(conn, ORGANIZATION_ID, [world.staff[0]]).values()
    rng, writer = world.chance("ahead")
    a = table(Activity)
    columns = (a.c.id, a.c.kind, a.c.title, a.c.starts_at, a.c.half_days, a.c.created_at)
    coming = select(*columns).where(a.c.id.in_(world.coming)).order_by(a.c.id)
    for row in conn.execute(coming).all():
        theme = world.coming[row.id]
        named = re.search("“(.+?)”", row.title)
        about = {"subject": named[1] if named else writer.subject(theme), "unit": theme.unit}
        write_agenda(db, row.id, _agenda(row.kind, row.starts_at, row.half_days, about))
        papers = [
            _paper(
                db, world, staff, f"{rng.getrandbits(128):032x}", title.format(**about), writer.say(theme, "paper"),
                row.created_at,
            )
            for title in _PROGRAMS["papers"][row.kind]
        ]  # fmt: skip
        write_papers(db, staff, row.id, papers)
        if row.kind in _PROGRAMS["online"]:
            link, number = f"https://meeting.example.org/j/{row.id}", f"{row.id:09}"
            conn.execute(update(a).where(a.c.id == row.id).values(online_link=link, online_number=number))
        if row.kind in _PROGRAMS["indoors"]:
            _seat(db, world, staff, row.id)
    for kind in PhraseKind:
        if more := _PROGRAMS["phrases"].get(kind.value):
            phrases.keep(db, staff, kind, 0, PhrasesIn(texts=[*kind.start, *more]))


def _agenda(kind: str, starts_at: datetime, half_days: int, about: dict[str, str]) -> list[AgendaLine]:
    """The items of a kind of activity from its beginning; on whole days those of the afternoon too."""
    local = starts_at.astimezone(ZoneInfo(clock.SHANGHAI))
    items = [
        (f"{local + timedelta(minutes=minutes):%H:%M}", title, speaker)
        for minutes, title, speaker in _PROGRAMS["agendas"][kind]
    ]
    if half_days > 1:
        items += _PROGRAMS["afternoon"]
    return [
        AgendaLine(time=time, title=title.format(**about), speaker=speaker.format(**about))
        for time, title, speaker in items
    ]


def _paper(
    db: Session, world: World, staff: Actor, key: str, title: str, body: str, uploaded: datetime
) -> PaperFile:
    """A paper as a file that staff have uploaded."""
    blocks = (Text("title", title), *(Text("body", line) for line in body.split("\n")))
    content = pdf.render(Document(title, ORGANIZATION, blocks), repeatable=True)
    sha256 = store.digest(content)
    store.put(world.files, sha256, content)
    row = {
        "key": key,
        "organization_id": ORGANIZATION_ID,
        "owner_id": staff.account_id,
        "name": f"{title}.pdf",
    }
    row |= {"media_type": PDF.media_type, "sha256": sha256, "size": len(content), "created_at": uploaded}
    db.connection().execute(insert(table(File)).values(row))
    return PaperFile(title=title, file_key=key)


def _seat(db: Session, world: World, staff: Actor, activity_id: int) -> None:
    """Fill a hall by sectors, and seat those of the highest posts in the middle of the first row."""
    guests = [guest.seat_id for guest in expected(db.connection(), activity_id)]
    rows = 2 + len(guests) // _COLUMNS
    hall = HallIn(
        rows=rows, columns=_COLUMNS, aisles=[_COLUMNS // 2], front_rows=1, order=SeatingOrder.STROKES
    )
    version = halls.fill(db, staff, activity_id, 0, hall).version
    posts = list(Post)
    highest = sorted(guests, key=lambda seat: (posts.index(world.seats[seat - 1].post), seat))
    highest = highest[: min(_IN_FRONT, len(guests) // 2)]
    for chair, seat in enumerate(highest, (_COLUMNS - len(highest)) // 2 + 1):
        place = PlaceIn(row=1, chair=chair)
        version = halls.move(db, staff, activity_id, seat, version, place).version
