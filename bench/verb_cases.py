"""What members and staff do all year, each as requests without end; what prepares a request is not measured.

A verb is a generator: it yields a request and is given its answer.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple

from PIL import Image

from app.core import clock
from tests.factories import opinions
from tests.factories.city import City, Who
from tests.factories.handling import assigned, replied, work, worked, wrote
from tests.factories.proposals import TEXT, done, drafted, filed


class Ask(NamedTuple):
    """One request."""

    who: Who
    method: str
    path: str
    body: Any = None
    headers: dict[str, str] | None = None
    files: Any = None


Verb = Generator[Ask, Any, None]
VERBS: dict[str, Callable[["Desk"], Verb]] = {}
LONG = "建议先行试点、总结经验，再逐步推开，相关部门要有专人负责、定期通报进展。" * 25


@dataclass
class Desk:
    """Who acts in a city, and what stands ready in it."""

    city: City
    author: Who
    friend: Who
    staff: Who
    officer: Who
    password: str
    serial: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        now, hours = clock.now(), timedelta(hours=2)  # refused where a window is open already
        period = {"opens_at": (now - hours).isoformat(), "closes_at": (now + hours).isoformat()}
        self.staff.post("/api/v1/proposal-windows", {"name": f"征集{now:%d%H%M}", **period})

    def update(self) -> dict[str, Any]:
        """An update of the author's."""
        made = self.author.post("/api/v1/updates", {"body": f"走访{next(self.serial)}", "kind": "visit"})
        found: dict[str, Any] = made.json()
        return found

    def submitted(self) -> int:
        """A proposal under review."""
        proposal_id = drafted(self.author)
        done(self.author, proposal_id, "submit")
        return proposal_id

    def assigned(self) -> tuple[int, int]:
        """A proposal with its unit: its id and that of the assignment."""
        proposal_id = filed(self.city, self.author, self.staff)
        (assignment_id,) = assigned(self.city, self.staff, proposal_id, lead=0).values()
        return proposal_id, assignment_id

    def meeting(self) -> dict[str, Any]:
        """A meeting that has begun."""
        now = clock.now()
        period = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=4)).isoformat()}
        made = self.staff.post("/api/v1/activities", {"kind": "research", "title": "调研", **period})
        found: dict[str, Any] = made.json()
        return found


def verb(name: str) -> Callable[[Callable[[Desk], Verb]], Callable[[Desk], Verb]]:
    """Add a verb to the list."""

    def add(of: Callable[[Desk], Verb]) -> Callable[[Desk], Verb]:
        VERBS[name] = of
        return of

    return add


@verb("log in")
def _log_in(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/auth/login", {"phone": at.author.phone, "password": at.password})


@verb("post an update")
def _post(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/updates", {"body": LONG[:500], "kind": "visit"})


@verb("edit an update")
def _edit_update(at: Desk) -> Verb:
    while True:
        path = f"/updates/{at.update()['id']}"
        yield Ask(at.author, "PUT", path, {"body": "改正后的文字", "kind": "visit"}, {"If-Match": '"1"'})


@verb("upload a picture")
def _upload(at: Desk) -> Verb:
    while True:
        out = BytesIO()
        Image.effect_noise((1600, 1200), 20 + next(at.serial) % 60).convert("RGB").save(out, "JPEG")
        yield Ask(at.author, "POST", "/files", files={"file": ("a.jpg", out.getvalue(), "image/jpeg")})


@verb("reply")
def _reply(at: Desk) -> Verb:
    path = f"/threads/{at.update()['thread_id']}/replies"
    while True:
        yield Ask(at.friend, "POST", path, {"body": LONG[:200]})


@verb("reply with a mention")
def _mention(at: Desk) -> Verb:
    path = f"/threads/{at.update()['thread_id']}/replies"
    while True:
        yield Ask(at.friend, "POST", path, {"body": "请关注", "mentions": [at.author.seat_id]})


@verb("support a reply")
def _support(at: Desk) -> Verb:
    path = f"/api/v1/threads/{at.update()['thread_id']}/replies"
    while True:
        reply = at.author.post(path, {"body": "意见"}).json()
        yield Ask(at.friend, "PUT", f"/replies/{reply['id']}/support")


@verb("delete a reply")
def _delete_reply(at: Desk) -> Verb:
    path = f"/api/v1/threads/{at.update()['thread_id']}/replies"
    while True:
        yield Ask(at.friend, "DELETE", f"/replies/{at.friend.post(path, {'body': '意见'}).json()['id']}")


@verb("mark a thread as read")
def _read(at: Desk) -> Verb:
    thread_id = at.update()["thread_id"]
    while True:
        reply = at.author.post(f"/api/v1/threads/{thread_id}/replies", {"body": "意见"}).json()
        yield Ask(at.friend, "PUT", f"/threads/{thread_id}/read", {"last_reply_id": reply["id"]})


@verb("draft a proposal")
def _draft(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/proposals", TEXT | {"situation": LONG})


@verb("edit a proposal")
def _edit(at: Desk) -> Verb:
    proposal_id = drafted(at.author)
    for version in count(1):
        new = TEXT | {"situation": f"{LONG}{version}"}
        yield Ask(at.author, "PUT", f"/proposals/{proposal_id}", new, {"If-Match": f'"{version}"'})


@verb("look for earlier cases")
def _similar(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/library/similar", {"title": TEXT["title"], "text": LONG[:400]})


@verb("submit a proposal")
def _submit(at: Desk) -> Verb:
    while True:
        path = f"/proposals/{drafted(at.author, situation=LONG)}/transitions"
        yield Ask(at.author, "POST", path, {"action": "submit"})


@verb("invite a co-signer")
def _invite(at: Desk) -> Verb:
    while True:
        path = f"/proposals/{drafted(at.author, kind='joint')}/signers"
        yield Ask(at.author, "POST", path, {"seat_ids": [at.friend.seat_id]})


@verb("sign a proposal")
def _sign(at: Desk) -> Verb:
    while True:
        path = f"/proposals/{drafted(at.author, kind='joint')}"
        at.author.post(f"/api/v1{path}/signers", {"seat_ids": [at.friend.seat_id]})
        yield Ask(at.friend, "PUT", f"{path}/signature", {"accept": True})


@verb("take a proposal up for review")
def _review(at: Desk) -> Verb:
    while True:
        path = f"/proposals/{at.submitted()}/transitions"
        yield Ask(at.staff, "POST", path, {"action": "start_review"})


@verb("file a proposal")
def _file(at: Desk) -> Verb:
    while True:
        yield Ask(at.staff, "POST", f"/proposals/{at.submitted()}/transitions", {"action": "file"})


@verb("assign a proposal")
def _assign(at: Desk) -> Verb:
    units = [{"unit_id": at.city.units[0], "role": "lead"}]
    while True:
        path = f"/proposals/{filed(at.city, at.author, at.staff)}/transitions"
        yield Ask(at.staff, "POST", path, {"action": "assign", "units": units})


def _work(at: Desk, place: tuple[int, int], method: str, what: str, body: Any, version: int = 0) -> Ask:
    path = f"/proposals/{place[0]}/assignments/{place[1]}/{what}"
    return Ask(at.officer, method, path, body, {"If-Match": f'"{version}"'} if method == "PUT" else None)


@verb("sign for an assignment")
def _accept(at: Desk) -> Verb:
    while True:
        yield _work(at, at.assigned(), "POST", "transitions", {"action": "sign"})


@verb("record a talk with the author")
def _talk(at: Desk) -> Verb:
    today = str(clock.local_day(clock.now()))
    said = {"phase": "before", "form": "meeting", "held_on": today, "minutes": "面商。"}
    place = at.assigned()
    worked(at.officer, *place, "sign", "start_handling")
    while True:
        yield _work(at, place, "POST", "consultations", said)


@verb("write the reply of a unit")
def _write(at: Desk) -> Verb:
    said = {"result_class": "solved", "asked": 2, "adopted": 2, "contact": "办公室 0551-1234567"}
    while True:
        place = at.assigned()
        worked(at.officer, *place, "sign", "start_handling")
        yield _work(at, place, "PUT", "reply", said | {"body": LONG})


@verb("hand the reply in")
def _hand_in(at: Desk) -> Verb:
    while True:
        place = at.assigned()
        worked(at.officer, *place, "sign", "start_handling")
        wrote(at.officer, *place)
        yield _work(at, place, "POST", "transitions", {"action": "submit_reply"})


@verb("approve a reply")
def _approve(at: Desk) -> Verb:
    while True:
        place = at.assigned()
        worked(at.officer, *place, "sign", "start_handling")
        wrote(at.officer, *place)
        work(at.officer, *place, "submit_reply")
        path = f"/proposals/{place[0]}/assignments/{place[1]}/transitions"
        yield Ask(at.staff, "POST", path, {"action": "approve_reply"})


@verb("rate a reply")
def _rate(at: Desk) -> Verb:
    while True:
        place = at.assigned()
        reply_id = replied(at.officer, at.staff, *place)
        said = {"attitude": "satisfied", "result": "satisfied"}
        yield Ask(at.author, "PUT", f"/proposals/{place[0]}/replies/{reply_id}/rating", said)


@verb("mark a key proposal")
def _key(at: Desk) -> Verb:
    while True:
        path = f"/proposals/{filed(at.city, at.author, at.staff)}/key"
        yield Ask(at.staff, "PUT", path, {"marked": True, "reason": "民生"})


@verb("write an opinion report")
def _opinion(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/opinions", opinions.TEXT | {"body": LONG})


@verb("submit an opinion report")
def _submit_opinion(at: Desk) -> Verb:
    while True:
        path = f"/opinions/{opinions.drafted(at.author)}/transitions"
        yield Ask(at.author, "POST", path, {"action": "submit"})


@verb("edit a report at the desk")
def _edit_opinion(at: Desk) -> Verb:
    while True:
        report_id = opinions.submitted(at.author)
        version = opinions.done(at.staff, report_id, "start_editing")["version"]
        new = opinions.TEXT | {"body": LONG}
        yield Ask(at.staff, "PUT", f"/opinions/{report_id}", new, {"If-Match": f'"{version}"'})


@verb("issue an opinion report")
def _issue(at: Desk) -> Verb:
    while True:
        report_id = opinions.submitted(at.author)
        opinions.done(at.staff, report_id, "start_editing")
        body = {"action": "issue", "tier": "city"}
        yield Ask(at.staff, "POST", f"/opinions/{report_id}/transitions", body)


@verb("begin a proposal from a reply")
def _begin(at: Desk) -> Verb:
    path = f"/api/v1/threads/{at.update()['thread_id']}/replies"
    while True:
        reply = at.friend.post(path, {"body": "可以写成提案"}).json()
        seed = {"from_type": "reply", "from_id": reply["id"], "to_type": "proposal"}
        yield Ask(at.author, "POST", "/lineage/begin", seed)


@verb("submit a proposal that came of a reply")
def _submit_seeded(at: Desk) -> Verb:
    path = f"/api/v1/threads/{at.update()['thread_id']}/replies"
    while True:
        reply = at.friend.post(path, {"body": "可以写成提案"}).json()
        proposal_id = drafted(at.author)
        ends = {"from_type": "reply", "from_id": reply["id"], "to_type": "proposal", "to_id": proposal_id}
        at.author.post("/api/v1/lineage", ends)
        yield Ask(at.author, "POST", f"/proposals/{proposal_id}/transitions", {"action": "submit"})


@verb("call a meeting")
def _call(at: Desk) -> Verb:
    soon = clock.now() + timedelta(days=9)
    period = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=4)).isoformat()}
    while True:
        yield Ask(at.staff, "POST", "/activities", {"kind": "research", "title": "调研", **period})


@verb("sign in to a meeting")
def _sign_in(at: Desk) -> Verb:
    while True:
        made = at.meeting()
        yield Ask(at.author, "PUT", f"/activities/{made['id']}/sign-in", {"code": made["sign_in_code"]})


@verb("mark attendance")
def _mark(at: Desk) -> Verb:
    while True:
        marks = {"state": "attended", "seat_ids": [at.author.seat_id, at.friend.seat_id]}
        yield Ask(at.staff, "PUT", f"/activities/{at.meeting()['id']}/attendance", marks)


@verb("log reading")
def _log(at: Desk) -> Verb:
    for n in count():
        book = {
            "book": f"书{n % 9}",
            "minutes": 1,
            "read_on": str(clock.local_day(clock.now()) - timedelta(days=n % 60)),
        }
        yield Ask(at.author, "POST", "/reading/logs", book)


@verb("post a note")
def _note(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "POST", "/reading/notes", {"book": "书", "title": "札记", "body": LONG})


@verb("claim an act done elsewhere")
def _claim(at: Desk) -> Verb:
    day = str(clock.local_day(clock.now()))
    for n in count():
        act = {"kind": "speech.delivered", "title": f"发言{n}-{next(at.serial)}", "held_on": day}
        yield Ask(at.author, "POST", "/claims", {"act": act, "body": "附说明"})


@verb("confirm a claim")
def _confirm(at: Desk) -> Verb:
    day = str(clock.local_day(clock.now()))
    while True:
        act = {"kind": "speech.delivered", "title": f"认定{clock.now().timestamp()}", "held_on": day}
        claim = at.author.post("/api/v1/claims", {"act": act}).json()
        headers = {"If-Match": f'"{claim["version"]}"'}
        yield Ask(at.staff, "POST", f"/claims/{claim['id']}/transitions", {"action": "confirm"}, headers)


@verb("share a card")
def _share(at: Desk) -> Verb:
    asked = {"seat_id": at.author.seat_id, "period": str(clock.local_day(clock.now()).year - 1)}
    made = at.staff.post("/api/v1/issued-cards", asked)
    found = made.json() if made.status_code in {200, 201} else {}
    card_id = found.get("id") or at.author.get("/api/v1/issued-cards").json()["items"][0]["id"]
    for n in count():
        yield Ask(at.author, "PUT", f"/issued-cards/{card_id}/sharing", {"sharing": ("seal", "all")[n % 2]})


@verb("read all notices")
def _notices(at: Desk) -> Verb:
    while True:
        yield Ask(at.author, "PUT", "/notifications/read", {"up_to": 2**40})
