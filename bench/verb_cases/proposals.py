"""What is done with proposals, each as requests without end."""

from itertools import count
from typing import Any

from app.core import clock
from bench.verb_cases.desk import LONG, Ask, Desk, Verb, verb
from tests.factories.domains.handling import replied, work, worked, wrote
from tests.factories.domains.proposals import TEXT, drafted, filed


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
