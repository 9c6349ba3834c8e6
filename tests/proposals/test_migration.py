"""A database of before: what was open behind closed proposals is ended by the migration, and their tracks say so."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import text

from app.auth.permissions import Role
from app.core import clock
from app.core.schema.migrations import _config, upgrade
from tests.factories.domains.handling import (
    assigned,
    handling,
    in_days,
    rated,
    replied,
    talked,
    worked,
    wrote,
)
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import done, drafted, filed, opened_window

PROMISE = {"result_class": "planned", "commitment": "明年建成", "commitment_due_on": in_days(300)}
#: As the release before left them.
OPENED = """
UPDATE proposal_assignment SET state = 'assigned' WHERE id = {helps};
UPDATE proposal_deadline SET lifted_on = NULL WHERE assignment_id = {helps};
UPDATE proposal_deadline SET met_on = NULL, lifted_on = NULL WHERE commitment_id = {promise};
UPDATE proposal_commitment SET state = 'open', ended_at = NULL WHERE id = {promise};
UPDATE proposal_signer SET state = 'invited' WHERE proposal_id = {joint} AND state = 'expired';
UPDATE notification SET read_at = NULL WHERE kind = 'proposal.assigned';
"""


@pytest.fixture
def left(city, database_url):
    """A closed proposal in its second round, a declined joint one and one at work, as the release before left them."""
    staff, author, slow = city.staff(), city.member("周岚"), city.member("吴远")
    officer = city.staff(Role.UNIT_OFFICER, "教育局")
    city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局"))
    opened_window(staff)
    number = filed(city, author, staff)
    works = assigned(city, staff, number, lead=0, co=1)
    replied(officer, staff, number, works["市教育局"], **PROMISE)
    with clock.frozen_at(clock.now() + timedelta(seconds=2)):
        done(staff, number, "rehandle", reason="请再商量。")
    with clock.frozen_at(clock.now() + timedelta(seconds=4)):
        talked(officer, number, works["市教育局"])
    wrote(officer, number, works["市教育局"])
    worked(officer, number, works["市教育局"], "submit_reply")
    worked(staff, number, works["市教育局"], "approve_reply")
    [reply] = handling(author, number)["to_rate"]
    rated(author, number, reply)
    done(staff, number, "close")
    joint = drafted(author)
    author.put(
        f"/api/v1/proposals/{joint}",
        {"kind": "joint", "title": "关于某事的建议", "situation": "一", "suggestions": "二"},
        headers={"If-Match": '"1"'},
    )
    other = city.member("郑一")
    author.post(f"/api/v1/proposals/{joint}/signers", {"seat_ids": [slow.seat_id, other.seat_id]})
    other.put(f"/api/v1/proposals/{joint}/signature", {"accept": True})
    done(author, joint, "submit")
    done(staff, joint, "decline", reason_code="empty")
    running = filed(city, author, staff)
    assigned(city, staff, running, lead=0)
    [promise] = handling(staff, number)["commitments"]
    city.database.dispose()
    command.downgrade(_config(database_url), "0023")
    stale = OPENED.format(helps=works["市住房保障局"], promise=promise["id"], joint=joint)
    with city.database.write.begin() as conn:
        for statement in filter(str.strip, stale.split(";\n")):
            conn.execute(text(statement))
    city.database.dispose()
    return staff, author, number, running


def test_what_was_open_behind_a_closed_door_is_ended(city, database_url, left):
    staff, _author, number, running = left
    upgrade(database_url)
    found = handling(staff, number)
    assert {a["unit_name"]: a["state"] for a in found["assignments"]} == {
        "市教育局": "replied",
        "市住房保障局": "ended",
    }
    assert {d["state"] for d in found["deadlines"]} == {"met", "lifted"}
    assert [(c["state"], c["notes"][-1]["body"]) for c in found["commitments"]] == [
        ("kept", "重新办理后的答复写明已经解决或采纳（系统补记）")
    ]
    assert [t["round"] for t in found["consultations"]] == [2]
    last = staff.get(f"/api/v1/proposals/{number}/track").json()["steps"][-1]
    assert (last["action_label"], last["data"]["unit"]) == ("承办随提案结束", "市住房保障局")
    assert last["reason"].endswith("（系统补记）")
    with city.database.read.connect() as conn:
        spans = conn.execute(
            text("SELECT kind, span FROM proposal_deadline WHERE proposal_id = :id ORDER BY kind"),
            {"id": running},
        ).all()
    assert [tuple(row) for row in spans] == [("contact", 15), ("reply", 3), ("return", 5)]
    assert differences(city) == []
