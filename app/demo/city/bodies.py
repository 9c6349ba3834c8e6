"""The bodies of the demo city: parties, people's organizations, sectors and committees that put proposals forward."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from app.demo.city.plan import COMMITTEES, ORGANIZATION_ID, SECTORS, TERM_ID, SeatPlan
from app.demo.city.rhythm import local_date, start_of
from app.demo.city.rows import Rows
from app.demo.language.names import person_name
from app.people.bodies.models import Body, BodyMember, BodySpokesperson
from app.people.bodies.rules import ROSTER_KINDS, BodyKind
from app.people.models import Post

#: What those are called that a sector is named after.
_ORGANIZATIONS = {
    "共青团": (BodyKind.PEOPLE, "共青团云川市委员会"),
    "工会": (BodyKind.PEOPLE, "云川市总工会"),
    "妇联": (BodyKind.PEOPLE, "云川市妇女联合会"),
    "青联": (BodyKind.PEOPLE, "云川市青年联合会"),
    "工商联": (BodyKind.COMMERCE, "云川市工商业联合会"),
    "科协": (BodyKind.PEOPLE, "云川市科学技术协会"),
    "侨联": (BodyKind.PEOPLE, "云川市归国华侨联合会"),
    "台联": (BodyKind.PEOPLE, "云川市台湾同胞联谊会"),
}
#: Sectors whose members have nothing in common that proposes.
_NO_BODY = {"中共", "无党派人士", "特别邀请人士"}
_SPOKESPERSONS = 4
#: Groups of members of all sectors, and how many of a hundred members belong to each.
_GROUPS = (
    (BodyKind.SERVICE_TEAM, "产业委员服务团", 5),
    (BodyKind.SERVICE_TEAM, "法律委员服务团", 3),
    (BodyKind.ACTIVITY_GROUP, "青年委员活动小组", 6),
    (BodyKind.DISTRICT_GROUP, "滨江片区工作组", 8),
    (BodyKind.DISTRICT_GROUP, "老城片区工作组", 8),
    (BodyKind.RESEARCH_GROUP, "基层治理课题组", 2),
)


#: What some bodies are known for: title and text.
_BRANDS = {
    "云川市工商业联合会": ("民企服务日", "每月走访十家民营企业，问题当场登记，下月回访时说明办到了哪一步。"),
    "云川市妇女联合会": ("周末妈妈课堂", "委员轮流到社区讲育儿和家庭教育，听到的难题整理成社情民意信息。"),
    "产业委员服务团": ("产业问诊", "每季度到一个园区，会同专家为企业把脉，会后给出一份建议清单。"),
    "法律委员服务团": ("法律服务进乡村", "逢集日在乡镇设咨询台，宣讲法律，代写文书。"),
}


@dataclass(frozen=True, slots=True)
class DemoBody:
    """A body with the seats that act for it, its head first."""

    id: int
    name: str
    speakers: tuple[int, ...]


class Bodies:
    """Writes the bodies of a city, and says who puts something forward for which."""

    def __init__(self, rows: Rows, seats: list[SeatPlan], host: int, seed: int) -> None:
        self._seats, self._host, rng = seats, host, Random(f"{seed}:bodies")
        self.of_sector: dict[int, DemoBody] = {}
        self.of_committee: dict[int, DemoBody] = {}
        add, new_id = (
            rows.into(
                Body,
                "id organization_id term_id kind name sector_id committee_id head_seat_id contact_name contact_phone"
                " position brand_title brand_text",
            ),
            rows.ids(Body),
        )
        speaks = rows.into(BodySpokesperson, "body_id seat_id")
        for kind, name, sector, committee in _planned():
            speakers = self._speakers(sector, committee)
            n = new_id()
            body = DemoBody(n, name or COMMITTEES[committee or 0], speakers)
            if sector is not None:
                self.of_sector[sector] = body
            if committee is not None:
                self.of_committee[committee] = body
            of = (
                sector + 1 if sector is not None and kind is BodyKind.SECTOR else None,
                committee + 1 if committee is not None else None,
            )
            contact = person_name(rng, rng.choice("男女")), f"1990001{n:04d}"
            head = speakers[0] + 1 if speakers else None
            add((n, ORGANIZATION_ID, TERM_ID, kind.value, name, *of, head, *contact, n, *_brand(name)))
            for seat in speakers[1:]:
                speaks((n, seat + 1))
            if kind not in ROSTER_KINDS and sector is not None:
                self._list_members(rows, n, [i for i, seat in enumerate(seats) if seat.sector == sector])
        groups = Random(f"{seed}:groups")
        last = max(seat.last_day for seat in seats)
        whole_term = [n for n, seat in enumerate(seats) if seat.last_day == last]
        for kind, name, share in _GROUPS:
            n = new_id()
            members = groups.sample(whole_term, max(3, len(whole_term) * share // 100))
            members += [host] if kind is BodyKind.SERVICE_TEAM and host not in members else []
            contact = person_name(groups, groups.choice("男女")), f"1990001{n:04d}"
            add(
                (
                    n,
                    ORGANIZATION_ID,
                    TERM_ID,
                    kind.value,
                    name,
                    None,
                    None,
                    members[0] + 1,
                    *contact,
                    n,
                    *_brand(name),
                )
            )
            self._list_members(rows, n, members)

    def _list_members(self, rows: Rows, body: int, members: list[int]) -> None:
        listed = rows.into(BodyMember, "body_id seat_id starts_on organization_id ends_on")
        for n in sorted(members):
            seat = self._seats[n]
            leaves = seat.last_day < max(one.last_day for one in self._seats)
            last = local_date(start_of(seat.last_day)) if leaves else None
            listed((body, n + 1, local_date(start_of(seat.first_day)), ORGANIZATION_ID, last))

    def headed_by(self, seat: int) -> list[DemoBody]:
        """The bodies of a head in which others may act too, those of sectors first."""
        every = (*self.of_sector.values(), *self.of_committee.values())
        return [body for body in every if body.speakers[:1] == (seat,) and body.speakers[1:]]

    def author(self, rng: Random, near: int) -> tuple[DemoBody, int] | None:
        """A body to which a seat belongs, and one who acts for it; None when there is nobody."""
        who = self._seats[near]
        near_by = [self.of_sector.get(who.sector), *(self.of_committee.get(c) for c in who.committees)]
        bodies = [body for body in near_by if body and body.speakers]
        if not bodies:
            return None
        body = rng.choice(bodies)
        return body, rng.choice(body.speakers)

    def _speakers(self, sector: int | None, committee: int | None) -> tuple[int, ...]:
        """The head, of the standing committee where one is, and the most active others; all of the whole term."""
        last = max(seat.last_day for seat in self._seats)
        first = min(seat.first_day for seat in self._seats)
        members = [
            n
            for n, seat in enumerate(self._seats)
            if (seat.sector == sector if committee is None else committee in seat.committees)
            and (seat.first_day, seat.last_day) == (first, last)
        ]
        members.sort(key=lambda n: -self._seats[n].energy)
        heads = [n for n in members if n == self._host] or [
            n for n in members if self._seats[n].post is Post.STANDING_MEMBER
        ]
        head = (heads or members)[:1]
        return (*head, *[n for n in members if n not in head][:_SPOKESPERSONS])


def _planned() -> Iterator[tuple[BodyKind, str | None, int | None, int | None]]:
    """Kind, name, sector and committee of every body."""
    for sector, name in enumerate(SECTORS):
        if 1 <= sector <= 7:  # the democratic parties
            yield BodyKind.PARTY, f"{name}云川市委员会", sector, None
        elif name in _ORGANIZATIONS:
            kind, called = _ORGANIZATIONS[name]
            yield kind, called, sector, None
        elif name not in _NO_BODY:
            yield BodyKind.SECTOR, f"{name}界", sector, None
    for committee in range(len(COMMITTEES)):
        yield BodyKind.COMMITTEE, None, None, committee


def _brand(name: str | None) -> tuple[str, str]:
    return _BRANDS.get(name or "", ("", ""))
