"""Everybody who may be left waiting in a city, for tests of the ends of life cycles."""

from sqlalchemy import select

from app.auth.permissions import Role
from app.core import outbox
from app.core.outbox import Job
from app.core.sql import table
from app.duty import endings
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned, handling, rated, replied, talked
from tests.factories.domains.proposals import done, drafted, opened_window


class Town:
    """Everybody who may be left waiting, and the ways to every end."""

    def __init__(self, city: City) -> None:
        self.city, self.staff, self.leader = city, city.staff(), city.staff(Role.LEADER, "主席甲")
        self.author, self.friend, self.slow = city.member("周岚"), city.member("吴远"), city.member("郑一")
        self.lead = city.staff(Role.UNIT_OFFICER, "教育局")
        self.helper = city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局"))
        opened_window(self.staff)
        self.reached: set[tuple[str, str]] = set()

    @property
    def members(self) -> list[Who]:
        return [self.author, self.friend, self.slow]

    def work(self) -> None:
        while outbox.run_due(self.city.database):
            pass

    def submitted(self) -> int:
        """A proposal that one has signed and another has been asked to."""
        number = drafted(self.author, kind="joint")
        path = f"/api/v1/proposals/{number}"
        seats = [self.friend.seat_id, self.slow.seat_id]
        self.author.post(f"{path}/signers", {"seat_ids": seats})
        self.friend.put(f"{path}/signature", {"accept": True})
        done(self.author, number, "submit")
        return number

    def handed_out(self) -> tuple[int, int, int]:
        """A key proposal with a supervising leader, a unit that leads and one that helps."""
        number = self.submitted()
        done(self.staff, number, "file")
        path = f"/api/v1/proposals/{number}"
        self.staff.put(f"{path}/key", {"marked": True, "reason": "主席会议确定"})
        self.staff.put(f"{path}/supervision", {"supervisor_id": self.leader.account_id})
        works = assigned(self.city, self.staff, number, lead=0, co=1)
        return number, works["市教育局"], works["市住房保障局"]

    def answered(self) -> tuple[int, int, int]:
        number, leads, helps = self.handed_out()
        replied(self.lead, self.staff, number, leads)
        talked(self.lead, number, leads, phase="after")
        for who in (self.author, self.friend):
            [reply] = handling(who, number)["to_rate"]
            rated(who, number, reply)
        return number, leads, helps

    def say(self, who: Who, number: int, action: str) -> None:
        [talk] = handling(who, number)["consultations"]
        path = f"/api/v1/proposals/{number}/consultations/{talk['id']}/transitions"
        answer = who.post(path, {"action": action, "reason": "按规定办理"})
        assert answer.status_code == 200, answer.text

    def open_rows(self) -> list[str]:
        """What is open behind an end: rows, notices that ask, jobs."""
        n, j = table(Notification), table(Job)
        with self.city.database.read.connect() as conn:
            found = [str(one) for one in endings.loose_ends(conn)]
            asking = [kind.value for kind in NoticeKind if kind.asks]
            found += conn.scalars(select(n.c.title).where(n.c.kind.in_(asking), n.c.read_at.is_(None)))
            found += conn.scalars(select(j.c.kind).where(j.c.done_at.is_(None)))
        return found

    def lists(self) -> list[str]:
        """What anybody's lists say waits for them."""
        found = []
        for who in self.members:
            for scope in ("to_rate", "cosigned"):
                rows = who.get(f"/api/v1/proposals?scope={scope}").json()["items"]
                found += [p["title"] for p in rows if scope == "to_rate" or p["my_signature"] != "accepted"]
            meetings = who.get("/api/v1/activities?mine=true&when=upcoming").json()["items"]
            found += [a["title"] for a in meetings if a["may"] or a["my_state"] == "invited"]
        for who in (self.lead, self.helper, self.staff):
            for state in ("open", "overdue"):
                rows = who.get(f"/api/v1/proposal-deadlines?state={state}").json()["items"]
                found += [f"{d['unit_name']} {d['kind_label']}" for d in rows]
        return found
