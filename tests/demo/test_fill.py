"""A small demo city in real databases."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Date, func, select
from sqlmodel import SQLModel

from app.activities.models import Activity, Attendance
from app.activities.rules import may_sign_in
from app.auth.models import Account, AccountRole
from app.auth.passwords.hashing import is_right
from app.core.sql import Utc, table
from app.deliberation.models import Topic
from app.demo.city.plan import UNITS
from app.demo.city.roster import DemoLogin
from app.duty import recount
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.files import store
from app.files.models import File
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from app.opinions.models import OpinionReport
from app.people.models import Seat
from app.points.models import RulesetVersion
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.rules import CATEGORIES
from app.threads.models import Reply, Support
from tests.factories.demo import NOW, seat_of

#: What may lie ahead: the ends of things that have begun, and what is announced.
AHEAD = {
    "account_role.ends_on", "activity.starts_at", "activity.ends_at", "login_session.expires_at", "proposal_commitment.due_on",
    "proposal_commitment_note.from_on", "proposal_commitment_note.to_on", "proposal_deadline.due_on", "proposal_deadline.starts_on",
    "proposal_reply.commitment_due_on", "proposal_signer.answer_by", "proposal_window.closes_at", "reading_topic.starts_on", "reading_topic.ends_on", "seat.ends_on", "term.ends_on",
    "topic.opens_at", "topic.closes_at", "topic_step.closes_at", "duty_case.due_on", "case_step.due_on", "speech_call.closes_on",
    "project.ends_on",
}  # fmt: skip


def test_recount_finds_no_difference(filled):
    database = filled.database
    with database.transaction() as db:
        assert recount.run(db.connection()) == []


def test_nothing_lies_in_the_future(filled):
    database = filled.database
    with database.read.connect() as conn:
        for each in SQLModel.metadata.sorted_tables:
            for column in each.columns:
                if f"{each.name}.{column.name}" in AHEAD:
                    continue
                if isinstance(column.type, Utc | Date):
                    newest = conn.scalar(select(func.max(column)))
                    limit = NOW if isinstance(newest, datetime) else date(2026, 11, 22)
                    assert newest is None or newest <= limit, f"{each.name}.{column.name}"


def test_records_lie_within_the_seat(filled):
    database = filled.database
    r, s = table(DutyRecord), table(Seat)
    outside = (r.c.occurred_on < s.c.starts_on) | (r.c.occurred_on > s.c.ends_on)
    joined = select(func.count()).select_from(r.join(s, s.c.id == r.c.seat_id))
    with database.read.connect() as conn:
        everything = conn.scalar(joined)
        late = conn.scalar(joined.where(outside))
    # a reply or a filing may come a few days after somebody left
    assert late < everything * 0.01


def test_the_city_is_as_large_as_planned_and_echoes(filled):
    database = filled.database
    with database.read.connect() as conn:

        def count(model: type[SQLModel]) -> int:
            return conn.scalar(select(func.count()).select_from(table(model))) or 0

        assert count(Seat) == 64
        assert count(Update) == pytest.approx(170, rel=0.1)
        assert count(Reply) == pytest.approx(2_000, rel=0.15)
        assert 2 * count(Reply) <= count(Support) <= 4 * count(Reply)
        assert count(Proposal) == pytest.approx(165, rel=0.1)
        p = table(Proposal)
        states = set(conn.scalars(select(p.c.state)))
        assert {
            "draft",
            "filed",
            "declined",
            "returned",
            "assigned",
            "handling",
            "replied",
            "closed",
        } <= states
        assert conn.scalar(select(func.count(p.c.title.distinct()))) == count(Proposal)


def test_some_members_hardly_act_in_a_year(filled):
    database = filled.database
    r, s = table(DutyRecord), table(Seat)
    acts = (
        select(func.count(r.c.id))
        .select_from(s.outerjoin(r, (r.c.seat_id == s.c.id) & (r.c.duty_year == 2022)))
        .where(s.c.starts_on <= date(2022, 1, 1), s.c.ends_on >= date(2022, 12, 31))
        .group_by(s.c.id)
    )
    with database.read.connect() as conn:
        counts = sorted(conn.scalars(acts))
    assert counts[0] <= 3
    assert counts[-1] > 10 * counts[len(counts) // 4]


def test_everybody_named_can_log_in(filled):
    database, logins = filled.database, filled.logins
    a = table(Account)
    assert len({login.role for login in logins}) == len({login.password for login in logins}) == 11
    with database.read.connect() as conn:
        for login in logins:
            stored = conn.execute(
                select(a.c.name, a.c.password_hash).where(a.c.phone == f"+86{login.phone}")
            ).one()
            assert stored.name == login.name
            assert is_right(stored.password_hash, login.password)
        others = conn.scalar(select(func.count()).where(a.c.password_hash != ""))
    assert others == len(logins)


def test_pictures_are_stored_once_by_content(filled):
    database = filled.database
    f = table(File)
    with database.read.connect() as conn:
        uses, names = conn.execute(
            select(func.count(), func.count(f.c.sha256.distinct())).where(f.c.media_type == "image/jpeg")
        ).one()
        stored = conn.execute(select(f.c.sha256, f.c.size).distinct()).all()
    assert uses > 10 * names
    assert {store.path(filled.files, row.sha256).stat().st_size for row in stored} == {
        row.size for row in stored
    }


def test_the_host_has_a_rich_year_and_things_that_wait(filled):
    host, newcomer = filled.logins[:2]
    n, p, s, r = table(Notification), table(Proposal), table(ProposalSigner), table(DutyRecord)
    a, i, o, t = table(Activity), table(Attendance), table(OpinionReport), table(Topic)
    with filled.database.read.connect() as conn:
        seat = seat_of(conn, host)
        unread = set(conn.scalars(select(n.c.kind).where(n.c.account_id == seat, n.c.read_at.is_(None))))
        states = set(conn.scalars(select(p.c.state).where(p.c.seat_id == seat)))
        asked = conn.scalar(select(func.count()).where(s.c.seat_id == seat, s.c.state == "invited"))
        kinds = set(conn.scalars(select(r.c.kind).where(r.c.seat_id == seat, r.c.duty_year == 2026)))
        drafts = conn.scalar(select(func.count()).where(o.c.seat_id == seat, o.c.state == "draft"))
        doors = conn.execute(
            select(a.c.starts_at, a.c.ends_at).join(i, i.c.activity_id == a.c.id).where(i.c.seat_id == seat)
        ).all()
        closing = conn.scalars(select(t.c.closes_at).where(t.c.closes_at > NOW)).all()
        few = conn.scalar(select(func.count()).where(r.c.seat_id == seat_of(conn, newcomer)))
    assert {"reply.received", "reply.mentioned", "proposal.invited", "proposal.return_for_revision"} <= unread
    assert {"draft", "submitted", "first_review", "returned", "declined"} <= states
    assert {"filed", "handling", "replied", "closed"} <= states
    assert "proposal.approve_reply" in unread
    assert asked >= 2
    assert len(kinds) >= 9
    assert drafts >= 1
    assert any(may_sign_in(door.starts_at, door.ends_at, NOW) for door in doors)
    assert min(closing) < NOW + timedelta(hours=12)
    assert few == 3


def test_units_work_on_proposals_and_some_of_it_waits(filled):
    unit, leader = filled.logins[-1], filled.logins[2]
    a, d, c = table(ProposalAssignment), table(ProposalDeadline), table(ProposalCommitment)
    p, r, g, o = table(Proposal), table(ProposalReply), table(ProposalRating), table(AccountRole)
    acc, today = table(Account), date(2026, 11, 22)
    with filled.database.read.connect() as conn:

        def account(login: DemoLogin) -> int:
            return conn.execute(select(acc.c.id).where(acc.c.phone == f"+86{login.phone}")).scalar_one()

        own = select(o.c.unit_id).where(o.c.account_id == account(unit), o.c.role == "unit_officer")
        mine = a.c.unit_id == conn.execute(own).scalar_one()
        work = set(conn.scalars(select(a.c.state).where(mine)))
        at_work = select(p.c.id).where(p.c.supervisor_id == account(leader), p.c.state == "handling")
        open_ = (d.c.met_on.is_(None), d.c.lifted_on.is_(None), d.c.due_on < today, d.c.kind == "reply")
        late = select(a.c.id).join(d, d.c.assignment_id == a.c.id).where(mine, *open_)
        promises = conn.execute(select(c.c.state, c.c.due_on)).all()
        roles, results, grades = (
            set(conn.scalars(select(column))) for column in (a.c.role, r.c.result_class, g.c.result)
        )
        silent = (g.c.attitude == "dissatisfied") | (g.c.result == "dissatisfied"), g.c.remark.is_(None)
        assert conn.scalars(select(g.c.seat_id).where(*silent)).all() == []
        hows = conn.scalars(select(d.c.how).where(d.c.kind == "contact")).all()
        bodies = conn.execute(select(r.c.body, p.c.title).join(p, p.c.id == r.c.proposal_id)).all()
        assert {"assigned", "handling", "replied"} <= work
        assert len(conn.scalars(at_work).all()) >= 2
        assert conn.scalars(late).all()
        assert set(conn.scalars(select(p.c.round))) == {1, 2}
    assert roles == {"lead", "co", "split"}
    assert results == {None, "solved", "under_way", "planned", "for_reference"}
    assert grades == {"satisfied", "basically", "dissatisfied"}
    assert {"open", "kept"} < {state for state, _ in promises} <= {"open", "kept", "dropped", "replaced"}
    assert {due < today for state, due in promises if state == "open"} == {True, False}
    assert all("起15个工作日" in how for how in hows)
    assert all(title in body for body, title in bodies if not body.startswith("会办意见"))


def test_what_is_said_fits_the_city(filled):
    p, r = table(Proposal), table(RulesetVersion)
    with filled.database.read.connect() as conn:
        assert set(conn.scalars(select(p.c.category))) <= set(CATEGORIES)
        rulesets = conn.execute(select(r.c.name, r.c.text)).all()
    assert {name for name, _ in rulesets} == {"云川市政协委员履职积分办法"}
    assert all(f"name: {name}\nsource: 参照" in text for name, text in rulesets)


def test_notifications_are_numbered_in_the_order_of_time(filled):
    n = table(Notification)
    with filled.database.read.connect() as conn:
        times = conn.scalars(select(n.c.at).order_by(n.c.id)).all()
    assert len(times) > 100
    assert times == sorted(times)


def test_notifications_read_like_those_of_the_platform(filled):
    n = table(Notification)
    with filled.database.read.connect() as conn:
        rows = conn.execute(select(n.c.kind, n.c.title, n.c.by_id, n.c.place_id)).all()
    for row in rows:
        kind = NoticeKind.known(row.kind)
        assert kind
        assert (
            kind.gathered == (row.by_id is not None) == (row.place_id is not None) == ("{who}" in row.title)
        )
        assert not re.search("[a-z]{4}", row.title), row.title
    assert {"{who}回复了您的动态", "{who}回复了您"} <= {row.title for row in rows}


def test_news_of_commitments_name_the_unit_as_the_platform_does(filled):
    n = table(Notification)
    with filled.database.read.connect() as conn:
        titles = conn.scalars(select(n.c.title).where(n.c.kind.startswith("commitment."))).all()
    assert titles
    assert all(title.split("对提案《")[0] in UNITS for title in titles)


def test_no_update_is_posted_twice(filled):
    u = table(Update)
    with filled.database.read.connect() as conn:
        bodies = conn.scalars(select(u.c.body)).all()
    assert len(set(bodies)) == len(bodies)
