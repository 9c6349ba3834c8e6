"""Random walks over the life of a proposal: whoever asks for whatever, what must hold holds."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.auth.permissions import GRANTS, Role
from app.proposals.assignments.lifecycle import WORK, AssignmentAction, AssignmentState
from app.proposals.lifecycle import DECLINE_REASONS, LIFECYCLE, ProposalAction, ProposalState
from tests.factories.city import City, Who
from tests.factories.domains.handling import REPLY, handling, in_days, rated, work, wrote
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import drafted, opened_window, run

PROMISE = {"result_class": "planned", "commitment": "明年建成", "commitment_due_on": in_days(300)}
_WHO = st.sampled_from(["author", "friend", "stranger", "staff", "officer", "other officer", "leader"])
_STEP = st.one_of(
    st.tuples(st.just("step"), _WHO, st.sampled_from(list(ProposalAction))),
    st.tuples(st.just("work"), _WHO, st.sampled_from(list(AssignmentAction))),
    st.tuples(st.just("reply"), st.sampled_from(["officer", "other officer", "staff"]), st.booleans()),
    st.tuples(st.just("rate"), _WHO, st.sampled_from(["satisfied", "dissatisfied"])),
    st.tuples(st.just("undo"), st.sampled_from(["staff", "author", "officer"]), st.none()),
)
#: The way that most proposals go, so that walks come far; between its steps anything is tried.
_MAIN = (
    ("step", "author", ProposalAction.SUBMIT),
    ("step", "staff", ProposalAction.FILE),
    ("step", "staff", ProposalAction.ASSIGN),
    ("work", "officer", AssignmentAction.SIGN),
    ("work", "officer", AssignmentAction.START_HANDLING),
    ("reply", "officer", True),
    ("work", "officer", AssignmentAction.SUBMIT_REPLY),
    ("work", "staff", AssignmentAction.APPROVE_REPLY),
    ("rate", "author", "satisfied"),
    ("rate", "friend", "satisfied"),
    ("step", "staff", ProposalAction.CLOSE),
)


@dataclass
class Cast:
    """Everybody who may ask, and the role that each has."""

    city: City
    people: dict[str, Who]
    into: int

    def holds(self, who: str, permission: str) -> bool:
        roles = {"staff": Role.SECRETARIAT, "leader": Role.LEADER}
        role = Role.UNIT_OFFICER if "officer" in who else roles.get(who, Role.MEMBER)
        return permission in GRANTS[role]


@pytest.fixture
def database_url(sqlite_url):
    """What is legal does not depend on the kind of database; races have tests of their own."""
    return sqlite_url


@pytest.fixture
def cast(city):
    people = {
        "author": city.member("周岚"),
        "friend": city.member("吴远"),
        "stranger": city.member("郑一"),
        "staff": city.staff(),
        "officer": city.staff(Role.UNIT_OFFICER),
        "other officer": city.staff(Role.UNIT_OFFICER, unit=city.unit("市交通局")),
        "leader": city.staff(Role.LEADER),
    }
    opened_window(people["staff"])
    into = drafted(people["stranger"])
    run(people["stranger"], into, "submit")
    return Cast(city, people, into)


def begun(cast):
    """A joint draft that a friend has signed."""
    author, friend = cast.people["author"], cast.people["friend"]
    proposal_id = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{proposal_id}/signature", {"accept": True})
    return proposal_id


def asked(cast, proposal_id, kind, who, what):
    """The answer to one request."""
    person, staff = cast.people[who], cast.people["staff"]
    held = handling(staff, proposal_id)["assignments"] if seen(staff, proposal_id) else []
    work_id = held[0]["id"] if held else 1
    match kind:
        case "step":
            more = {
                ProposalAction.DECLINE: {"reason_code": next(iter(DECLINE_REASONS))},
                ProposalAction.MERGE: {"into_id": cast.into},
                ProposalAction.ASSIGN: {"units": [{"unit_id": cast.city.units[0], "role": "lead"}]},
            }.get(what, {})
            return run(person, proposal_id, what, reason="按规定办理", **more)
        case "work":
            return work(person, proposal_id, work_id, what, reason="按规定办理")
        case "reply":
            known = (
                [r["version"] for r in handling(person, proposal_id)["replies"]]
                if seen(person, proposal_id)
                else []
            )
            return wrote(person, proposal_id, work_id, *known[-1:], **(PROMISE if what else REPLY))
        case "rate":
            replies = handling(staff, proposal_id)["replies"] if seen(staff, proposal_id) else []
            return rated(person, proposal_id, replies[-1]["id"] if replies else 1, result=what)
        case _:
            track = staff.get(f"/api/v1/proposals/{proposal_id}/track").json()
            body = {"step_id": track.get("undoable") or 1, "reason": "点错了"}
            return person.post(f"/api/v1/proposals/{proposal_id}/undo", body)


def seen(who, proposal_id):
    return who.get(f"/api/v1/proposals/{proposal_id}").status_code == 200


def track(cast, proposal_id):
    """State and steps, as the author sees them."""
    found = cast.people["author"].get(f"/api/v1/proposals/{proposal_id}/track").json()
    return found["state"], found["steps"]


def must_refuse(cast, before, visible, works, kind, who, what):
    """The statuses with one of which a request must be refused; None where it may succeed."""
    if kind == "step":
        return _refused_step(cast, before, visible, who, what)
    if kind == "work":
        return _refused_work(cast, visible, works, who, what)
    if kind == "rate":
        return None if who in {"author", "friend"} else {403, 404}
    return {403} if kind == "undo" and who != "staff" else None


def _refused_step(cast, before, visible, who, what):
    legal = [t for t in LIFECYCLE.transitions if t.action == what and ProposalState(before) in t.sources]
    if not visible:
        return {404, 403}
    if not legal:
        return {409}
    allowed = cast.holds(who, legal[0].permission) and (who == "author" or not legal[0].by_author)
    return None if allowed else {403}


def _refused_work(cast, visible, works, who, what):
    if not visible or not works or who not in {"staff", "officer"}:
        return {404, 403}
    legal = [
        t for t in WORK.transitions if t.action == what and AssignmentState(works[0]["state"]) in t.sources
    ]
    return None if legal and cast.holds(who, legal[0].permission) else {409, 403}


@given(
    st.lists(st.lists(_STEP, max_size=3), min_size=len(_MAIN) + 1, max_size=len(_MAIN) + 1),
    st.integers(0, len(_MAIN)),
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_walk_keeps_the_promises(cast, detours, length):
    proposal_id = begun(cast)
    wanted = [
        step for way, detour in zip((*_MAIN[:length], None), detours, strict=False) for step in (*detour, way)
    ]
    for kind, who, what in filter(None, wanted):
        state, steps = track(cast, proposal_id)
        staff = cast.people["staff"]
        works = handling(staff, proposal_id)["assignments"] if seen(staff, proposal_id) else []
        visible = seen(cast.people[who], proposal_id)
        answer = asked(cast, proposal_id, kind, who, what)
        then, now = track(cast, proposal_id)
        said = (kind, who, what, state, answer.status_code, answer.text[:200])
        refusal = must_refuse(cast, state, visible, works, kind, who, what)
        assert answer.status_code < 500, said
        assert refusal is None or answer.status_code in refusal, said
        if answer.status_code < 400:
            assert len(now) == len(steps) + (kind != "reply"), said
        else:
            assert (then, now) == (state, steps), said
            if answer.status_code == 409 and kind == "step":
                assert answer.json()["state"] == state, said
        assert then == (now[-1]["to_state"] if now else "draft"), said
    assert differences(cast.city) == []
