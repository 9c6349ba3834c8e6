"""What members and staff do with all but proposals, each as requests without end."""

from datetime import timedelta
from io import BytesIO
from itertools import count

from PIL import Image

from app.core import clock
from bench.verb_cases.desk import LONG, Ask, Desk, Verb, verb
from tests.factories.domains import opinions
from tests.factories.domains.proposals import drafted


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
        shown = at.staff.get(f"/api/v1/activities/{made['id']}/sign-in-codes").json()["codes"]
        yield Ask(at.author, "PUT", f"/activities/{made['id']}/sign-in", {"code": shown[0]["code"]})


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
