"""Reading: topics with books, what was read on which day, notes and what is said about them."""

from dataclasses import dataclass
from itertools import cycle
from random import Random

from app.demo.circle.conversation import Conversations, TalkSubject
from app.demo.city.plan import ORGANIZATION_ID, shares
from app.demo.city.rhythm import DAY, local_date, start_of, utc
from app.demo.city.world import World
from app.demo.language.text import Theme, Writer, books
from app.notifications.kinds import NoticeKind
from app.reading import rules
from app.reading.models import Book, ReadingLog, ReadingNote, ReadingTopic


@dataclass(frozen=True, slots=True)
class _Season:
    """A reading topic while it lasts."""

    id: int
    books: list[Theme]
    first: int
    last: int


def fill(world: World, conversations: Conversations) -> None:
    """Write reading topics, logs and notes, each oldest first."""
    rng, writer = world.chance("reading")
    seasons = _topics(world, rng, writer)
    _logs(world, rng, seasons)
    _notes(world, rng, writer, seasons, conversations)


def _topics(world: World, rng: Random, writer: Writer) -> list[_Season]:
    rows, rhythm, staff = world.rows, world.rhythm, world.staff
    topic_id, book_id, seasons = rows.ids(ReadingTopic), rows.ids(Book), list[_Season]()
    topic = rows.into(ReadingTopic, "id organization_id title intro starts_on ends_on created_by created_at")
    book = rows.into(Book, "id topic_id position title author")
    shelf = cycle(rng.sample(books(), len(books())))
    length = (rhythm.last_day - rhythm.first_day) // world.sizes.reading_topics
    for n in range(world.sizes.reading_topics):
        first = rhythm.first_day + n * length + rng.randint(0, max(1, length // 4))
        last = min(first + rng.randint(30, 80), rhythm.last_day)
        created = start_of(first - rng.randint(0, 6), 10)
        if created > world.now:
            break
        if first + length > world.today > last:  # the newest goes on
            last = world.today + 12
        chosen = [next(shelf) for _ in range(rng.randint(1, 3))]
        words = world.words(start_of(first, 12))
        title = writer.say(chosen[0], "reading_topic", words)
        intro = writer.say(chosen[0], "reading_intro", words, book="、".join(_title(one) for one in chosen))
        season = _Season(topic_id(), chosen, first, last)
        seasons.append(season)
        days = local_date(start_of(first)), local_date(start_of(last))
        topic((season.id, ORGANIZATION_ID, title, intro, *days, staff[-1], utc(created)))
        members = range(len(world.seats))
        sentence = rules.invitation(title, *days)
        world.bell.ring(members, NoticeKind.READING_OPENED, sentence, ("reading_topic", season.id), created)
        for position, one in enumerate(chosen):
            book((book_id(), season.id, position, _bare(one), writer.say(one, "author")))
    return seasons


def _what(rng: Random, day: int, seasons: list[_Season]) -> tuple[int | None, Theme]:
    """The reading topic and book that somebody reads on a day: mostly the topic's, else one's own choice."""
    running = [s for s in seasons if s.first <= day <= s.last]
    if running and rng.random() < 0.65:
        season = rng.choice(running)
        return season.id, rng.choice(season.books)
    return None, rng.choice(books())


def _title(book: Theme) -> str:
    return "".join(book.rules["book"][0])


def _bare(book: Theme) -> str:
    """A title without its brackets, as it is kept."""
    return _title(book).strip("《》")


def _logs(world: World, rng: Random, seasons: list[_Season]) -> None:
    rows, log_id = world.rows, world.rows.ids(ReadingLog)
    log = rows.into(ReadingLog, "id organization_id seat_id topic_id book minutes pages read_on created_at")
    newcomers = start_of(world.today - 9, 21.3)
    for at in sorted([*(world.rhythm.moment(rng) for _ in range(world.sizes.reading_logs)), newcomers]):
        if at > world.now:
            break
        seat = world.newcomer if at == newcomers else world.city.actor(rng, at // DAY)
        if not world.seats[seat].holds(at // DAY):
            continue
        topic, book = _what(rng, at // DAY, seasons)
        minutes = rng.choice((15, 20, 25, 30, 30, 40, 45, 60, 60, 90, 120))
        pages = round(minutes * rng.uniform(0.4, 0.9)) if rng.random() < 0.6 else 0
        n = log_id()
        log((n, ORGANIZATION_ID, seat + 1, topic, _bare(book), minutes, pages, local_date(at), utc(at)))
        world.record(seat, "reading.logged", n, at, quantity=minutes)
        rows.step()


def _notes(
    world: World, rng: Random, writer: Writer, seasons: list[_Season], conversations: Conversations
) -> None:
    rows = world.rows
    note = rows.into(
        ReadingNote,
        "id organization_id seat_id account_id topic_id book title body created_at commended_at",
    )
    note_id = rows.ids(ReadingNote)
    moments = sorted(world.rhythm.moment(rng) for _ in range(world.sizes.reading_notes))
    replies = shares(rng, len(moments), int(world.sizes.replies * 0.11), 1.0)
    for at, how_many in zip(moments, replies, strict=True):
        if at > world.now:
            break
        seat = world.city.actor(rng, at // DAY)
        if not world.seats[seat].holds(at // DAY):
            continue
        n, words = note_id(), world.words(at, seat)
        topic, book = _what(rng, at // DAY, seasons)
        title, body = writer.say(book, "note_title", words), writer.new(book, "note", words)
        commended = at + rng.randint(5, 40) * DAY
        is_commended = rng.random() < 0.09 and commended < world.now
        note(
            (
                n, ORGANIZATION_ID, seat + 1, seat + 1, topic, _bare(book), title, body, utc(at),
                utc(commended) if is_commended else None,
            )
        )  # fmt: skip
        world.record(seat, "reading.noted", n, at)
        if is_commended:
            sentence = rules.commendation(title)
            world.bell.ring([seat], NoticeKind.READING_COMMENDED, sentence, ("reading_note", n), commended)
            world.record(seat, "reading.commended", n, commended, by=world.staff[-1])
        about = TalkSubject("reading_note", n, seat, book, at, "reading", "reading")
        conversations.hold(about, how_many)
