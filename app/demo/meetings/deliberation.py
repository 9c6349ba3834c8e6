"""Topics of online deliberation with papers, opinions and outcomes; some are open now."""

from itertools import cycle
from random import Random

from app.deliberation import rules
from app.deliberation.models import Topic, TopicCommittee, TopicPaper, TopicSector, TopicStep
from app.demo.circle.conversation import Conversations, Remark, TalkSubject
from app.demo.city.plan import COMMITTEES, ORGANIZATION_ID, SECTORS, Pool, shares
from app.demo.city.rhythm import DAY, at_work, start_of, utc
from app.demo.city.world import Occasion, World
from app.demo.language.text import TopicText, themes
from app.findings.lifecycle import FindingSource
from app.notifications.kinds import NoticeKind

#: Opening and closing of the topics that stand around now, in days from today; the last is not published yet.
_AROUND_NOW = ((-14, 0), (-22, 3), (-6, 15), (3, 24), (10, 40))


def fill(world: World, conversations: Conversations) -> None:
    """Write all topics, oldest first."""
    rng, writer = world.chance("deliberation")
    write = _Topics(world, rng)
    times = _times(world, rng)
    begun = sum(opens < world.now for opens, _ in times)
    replies = [*shares(rng, begun, int(world.sizes.replies * 0.42), 0.7), *[0] * (len(times) - begun)]
    concerns = cycle(rng.sample(themes(), len(themes())))
    for (opens, closes), how_many in zip(times, replies, strict=True):
        theme = next(concerns)
        text = writer.topic(theme)
        topic_id, invited = write.topic(text, opens, closes)
        about = TalkSubject("topic", topic_id, None, theme, opens, "opinion", "reply", closes, invited)
        if opens < world.now < closes and invited is None:
            about.asked = world.host
            how_many = max(how_many, 12)  # noqa: PLW2901 - an open topic is a lively one
        said, joined = conversations.hold(about, how_many), dict[int, int]()
        for one in said:
            if one.seat is not None:
                joined.setdefault(one.seat, one.at)
        for seat, at in joined.items():
            world.record(seat, "topic.joined", topic_id, at, by=None)
        if joined and closes < world.now:
            subject, remarks = ("topic", topic_id), _suggestions(said)
            source = FindingSource.TOPIC
            world.occasions.append(Occasion(source, subject, theme, closes, list(joined), remarks))


def _suggestions(said: list[Remark]) -> list[tuple[int, int, str]]:
    """A few opinions that suggest something."""
    opinions = [one for one in said if one.parent is None and "建议" in one.body]
    return [(one.id, one.seat, one.body) for one in opinions if one.seat is not None][:6]


def _times(world: World, rng: Random) -> list[tuple[int, int]]:
    """When topics open and close: spread over the term, each for two to six weeks."""
    today = world.today
    tonight = min(max(start_of(today, 21), world.now + 2 * 3_600), start_of(today + 1) - 60)
    around = [
        (start_of(today + opens, 9), start_of(today + closes, 18) if closes else tonight)
        for opens, closes in _AROUND_NOW[: max(2, world.sizes.topics // 9)]
    ]
    past = []
    for _ in range(world.sizes.topics - len(around)):
        day = world.rhythm.day(rng, world.rhythm.first_day + 40, today - 60)
        past.append((start_of(day, 9), start_of(day + rng.randint(14, 42), 18)))
    return sorted(past + around)


class _Topics:
    """Writes topics with their papers, guests and steps."""

    def __init__(self, world: World, rng: Random) -> None:
        rows = world.rows
        self._world, self._rng = world, rng
        self._topic_id, self._paper_id, self._step_id = (
            rows.ids(Topic),
            rows.ids(TopicPaper),
            rows.ids(TopicStep),
        )
        self._topic = rows.into(
            Topic,
            "id organization_id title summary committee_id invited_only opens_at closes_at published_at created_by created_at"
            " report reported_at",
        )
        self._paper = rows.into(TopicPaper, "id topic_id position title body")
        self._sector = rows.into(TopicSector, "topic_id sector_id")
        self._committee = rows.into(TopicCommittee, "topic_id committee_id")
        self._step = rows.into(TopicStep, "id topic_id at account_id action reason closes_at")

    def topic(self, text: TopicText, opens: int, closes: int) -> tuple[int, Pool | None]:
        """Write one topic; its id and who may speak in it (None: everybody)."""
        rng, now, by = self._rng, self._world.now, self._world.staff[0]
        n, draft = self._topic_id(), opens > now + 5 * DAY
        published = None if draft else at_work(min(opens, now) - int(rng.uniform(4, 8) * DAY))
        created = at_work((published or now) - int(rng.uniform(4, 9) * DAY))
        reported = at_work(closes + int(rng.uniform(6, 25) * DAY))
        is_reported = reported < now
        invited, host = self._guests(n) if closes < now and rng.random() < 0.22 else (None, None)
        self._topic(
            (
                n, ORGANIZATION_ID, text.title, text.summary, host, invited is not None, utc(opens), utc(closes),
                utc(published) if published else None, by, utc(created), text.report if is_reported else None,
                utc(reported) if is_reported else None,
            )
        )  # fmt: skip
        for position, (title, body) in enumerate(text.papers):
            self._paper((self._paper_id(), n, position, title, body))
        if published:
            self._step((self._step_id(), n, utc(published), by, "published", None, None))
            guests = invited.members if invited else range(len(self._world.seats))
            self._world.bell.ring(
                guests, NoticeKind.TOPIC_PUBLISHED, rules.announcement(text.title), ("topic", n), published
            )
        if closes < now and rng.random() < 0.15:
            reason = "委员发言踊跃，应多位委员要求延长一周。"
            self._step((self._step_id(), n, utc(closes - 7 * DAY), by, "extended", reason, utc(closes)))
        if is_reported:
            self._step((self._step_id(), n, utc(reported), by, "reported", None, None))
        return n, invited

    def _guests(self, topic_id: int) -> tuple[Pool, int | None]:
        """Who is invited, and the committee that is host: the first of those that are."""
        rng, city = self._rng, self._world.city
        sectors = sorted(rng.sample(range(len(SECTORS)), rng.randint(2, 6)))
        committees = rng.sample(range(len(COMMITTEES)), rng.randint(0, 2))
        guests: set[int] = set()
        for sector in sectors:
            self._sector((topic_id, sector + 1))
            guests.update(city.sectors[sector].members)
        for committee in committees:
            self._committee((topic_id, committee + 1))
            guests.update(city.committees[committee])
        return Pool(city.seats, sorted(guests) or [0]), committees[0] + 1 if committees else None
