"""Acts at chosen moments, done by the verbs of their domains, for tests of figures."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.auth.actor import Actor
from app.auth.permissions import GRANTS, Role
from app.core import clock
from app.core.sql import table
from app.deliberation import service as deliberation
from app.deliberation.schemas import TopicIn
from app.feed import service as feed
from app.feed.schemas import UpdateIn
from app.reading import service as reading
from app.reading.schemas import ReadingNoteIn
from app.threads import service as threads
from app.threads.models import Thread
from app.threads.replies import removal
from app.threads.replies import support as reply_support
from app.threads.schemas import ReplyIn
from tests.factories.city import City, Who

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A local time in Shanghai: `2026-03-04 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def actor_for(city: City, who: Who) -> Actor:
    role = Role.MEMBER if who.seat_id else Role.SECRETARIAT
    return Actor(
        account_id=who.account_id,
        session_id=who.session_id,
        organization_id=city.organization_id,
        name=who.name,
        roles=frozenset({role}),
        permissions=GRANTS[role],
        seat_id=who.seat_id or None,
        seat_ids=frozenset([who.seat_id] if who.seat_id else []),
        last_seat_id=who.seat_id or None,
    )


@dataclass
class World:
    """A city whose clock the test moves; ids of what was made are returned."""

    city: City
    said: int = 0

    def text(self, beginning: str) -> str:
        """Something of substance that nobody has said before."""
        self.said += 1
        return f"{beginning}，记下{chr(0x5000 + self.said)}字号的事。"

    @contextmanager
    def doing(self, moment: datetime):
        with clock.frozen_at(moment), self.city.database.transaction() as db:
            yield db

    def thread(self, subject: tuple[str, int]) -> int:
        t = table(Thread)
        with self.city.database.read.connect() as conn:
            found = select(t.c.id).where(t.c.subject_type == subject[0], t.c.subject_id == subject[1])
            return conn.execute(found).scalar_one()

    def topic(self, staff: Who, moment: datetime, days: int = 60) -> int:
        """A published topic; its thread's id."""
        with self.doing(moment) as db:
            body = {"title": "老旧小区加装电梯", "summary": "请谈谈。", "opens_at": moment}
            new = TopicIn.model_validate(body | {"closes_at": moment + timedelta(days=days)})
            topic = deliberation.create(db, actor_for(self.city, staff), new)
            deliberation.publish(db, actor_for(self.city, staff), topic.id)
        return self.thread(("topic", topic.id))

    def update(self, who: Who, moment: datetime, body: str | None = None) -> int:
        with self.doing(moment) as db:
            new = UpdateIn.model_validate({"body": body or self.text("今天走访了三户老人"), "kind": "visit"})
            return feed.post(db, actor_for(self.city, who), new).id

    def note(self, who: Who, moment: datetime) -> int:
        """A reading note with its thread; the thread's id."""
        with self.doing(moment) as db:
            new = ReadingNoteIn(book="乡土中国", title="读后", body="差序格局")
            note = reading.post_note(db, actor_for(self.city, who), new)
        return self.thread(("reading_note", note.id))

    def reply(
        self,
        who: Who,
        thread_id: int,
        moment: datetime,
        parent: int | None = None,
        quote: int | None = None,
        body: str | None = None,
    ) -> int:
        with self.doing(moment) as db:
            text = body or self.text("很有道理，补充一点")
            new = ReplyIn(body=text, parent_id=parent, quote_id=quote)
            return threads.reply(db, actor_for(self.city, who), thread_id, new).id

    def support(self, who: Who, target: tuple[str, int], moment: datetime, *, on: bool = True) -> None:
        give = feed.support if target[0] == "update" else reply_support.set_reply_support
        with self.doing(moment) as db:
            give(db, actor_for(self.city, who), target[1], on=on)

    def hide(self, staff: Who, target: tuple[str, int], moment: datetime) -> None:
        take = feed.hide if target[0] == "update" else removal.hide
        with self.doing(moment) as db:
            take(db, actor_for(self.city, staff), target[1], "含有他人联系方式")

    def board(self, who: Who, moment: datetime, window: str, **query: object) -> dict:
        with clock.frozen_at(moment):
            self.city.log_in(who)
            answer = who.get("/api/v1/leaderboard", params={"window": window, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def lines(self, who: Who, path: str, moment: datetime) -> list[dict]:
        """All lines that a row's `records` opens, over all pages."""
        with clock.frozen_at(moment):
            self.city.log_in(who)
            found, cursor = [], None
            while True:
                page = who.get(f"{path}&limit=7" + (f"&cursor={cursor}" if cursor else "")).json()
                found += page["items"]
                cursor = page["next"]
                if cursor is None:
                    return found
