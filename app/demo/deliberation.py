"""Topics of online deliberation with papers, opinions and outcomes; some are open now."""

from random import Random

from app.deliberation.models import Topic, TopicCommittee, TopicPaper, TopicSector, TopicStep
from app.demo.bell import Bell
from app.demo.conversation import Conversations, Subject
from app.demo.plan import COMMITTEES, SECTORS, Pool, shares
from app.demo.rhythm import DAY, start_of, utc
from app.demo.text import TopicText
from app.demo.world import ORGANIZATION_ID, World

#: Opening and closing of the topics that stand around now, in days from now; the last is not published yet.
_AROUND_NOW: tuple[tuple[int, float], ...] = ((-14, 0.6), (-22, 5), (-6, 15), (3, 24), (10, 40))


def fill(world: World, conversations: Conversations) -> None:
    """Write all topics, oldest first."""
    rng, writer = world.chance("deliberation")
    write = _Topics(world, rng)
    times = _times(world, rng)
    begun = sum(opens < world.now for opens, _ in times)
    replies = [*shares(rng, begun, int(world.sizes.replies * 0.42), 0.7), *[0] * (len(times) - begun)]
    for (opens, closes), how_many in zip(times, replies, strict=True):
        theme = world.theme(rng)
        text = writer.topic(theme)
        topic_id, invited = write.topic(text, opens, closes)
        about = Subject("topic", topic_id, None, theme, opens, "opinion", "reply", closes, invited)
        for seat, at in conversations.hold(about, how_many).items():
            world.record(seat, "topic.joined", topic_id, at, by=None)


def _times(world: World, rng: Random) -> list[tuple[int, int]]:
    """When topics open and close: spread over the term, each for two to six weeks."""
    today = (world.now + 8 * 3_600) // DAY
    around = [
        (
            start_of(today + opens, 9),
            world.now + int(closes * DAY) if closes < 1 else start_of(today + int(closes), 18),
        )
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
            "id organization_id title summary invited_only opens_at closes_at published_at created_by created_at"
            " report reported_at",
        )
        self._paper = rows.into(TopicPaper, "id topic_id position title body")
        self._sector = rows.into(TopicSector, "topic_id sector_id")
        self._committee = rows.into(TopicCommittee, "topic_id committee_id")
        self._step = rows.into(TopicStep, "id topic_id at account_id action reason closes_at")
        self._bell = Bell(world)

    def topic(self, text: TopicText, opens: int, closes: int) -> tuple[int, Pool | None]:
        """Write one topic; its id and who may speak in it (None: everybody)."""
        rng, now, by = self._rng, self._world.now, self._world.staff[0]
        n, draft = self._topic_id(), opens > now + 5 * DAY
        published = None if draft else min(opens - int(rng.uniform(1, 4) * DAY), now - 3_600)
        created = min((published or now) - int(rng.uniform(1, 6) * DAY), now - 7_200)
        reported = closes + int(rng.uniform(6, 25) * DAY)
        is_reported = reported < now
        invited = self._guests(n) if rng.random() < 0.22 else None
        self._topic(
            (
                n, ORGANIZATION_ID, text.title, text.summary, invited is not None, utc(opens), utc(closes),
                utc(published) if published else None, by, utc(created), text.report if is_reported else None,
                utc(reported) if is_reported else None,
            )
        )  # fmt: skip
        for position, (title, body) in enumerate(text.papers):
            self._paper((self._paper_id(), n, position, title, body))
        if published:
            self._step((self._step_id(), n, utc(published), by, "published", None, None))
            guests = invited.members if invited else range(len(self._world.seats))
            self._bell.ring_all(guests, "topic.published", f"新议题：{text.title}", ("topic", n), published)
        if closes < now and rng.random() < 0.15:
            reason = "委员发言踊跃，应多位委员要求延长一周。"
            self._step((self._step_id(), n, utc(closes - 7 * DAY), by, "extended", reason, utc(closes)))
        if is_reported:
            self._step((self._step_id(), n, utc(reported), by, "reported", None, None))
        return n, invited

    def _guests(self, topic_id: int) -> Pool:
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
        return Pool(city.seats, sorted(guests) or [0])
