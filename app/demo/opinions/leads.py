"""Leads: what citizens and information officers hand in, and what the desk makes of it."""

from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import DAY, at_work, later, local_date, utc
from app.demo.city.world import World
from app.demo.opinions.reports import OpinionDesk, Report
from app.opinions.leads.lifecycle import LeadState, Source
from app.opinions.lifecycle import OpinionKind
from app.opinions.models import Lead

#: Leads came in with the public form only, lately.
_SINCE = 300 * DAY
#: Citizens who call: the office takes down what they say.
_BY_PHONE = 0.3
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def fill(world: World) -> None:
    """Write all leads, oldest first."""
    (rng, writer), rows = world.chance("leads"), world.rows
    desk, lead_id = OpinionDesk(world, rng), rows.ids(Lead)
    add = rows.into(
        Lead,
        "id organization_id source account_id body name code state reason report_id created_at decided_at decided_by"
        " entered_by handed_in_on",
    )
    moments = sorted(world.now - int(rng.random() * _SINCE) for _ in range(max(world.sizes.opinions // 6, 6)))
    for created in moments:
        theme, staff = world.theme(rng), rng.choice(world.staff)
        body = writer.new(theme, "lead", world.words(created), where=writer.say(theme, "home"))
        officer = rng.choice(world.informants) if rng.random() < 0.4 else None
        name = rng.choice(("王女士", "李先生", "退休职工", None)) if officer is None else None
        code = "".join(rng.choices(_SIGNS, k=12)) if officer is None else None
        state, reason, report_id, decided = (
            LeadState.RECEIVED,
            None,
            None,
            max(at_work(later(rng, created, 40)), created + 600),
        )
        draw = rng.random()
        if decided < world.now and draw < 0.45:
            state, reason = LeadState.DECLINED, writer.say(theme, "lead_declined")
        elif decided < world.now and draw < 0.85:
            state, report_id = LeadState.USED, desk.new_id()
            title = writer.opinion_report(theme, world.words(decided))[0]
            report = Report(
                report_id, None, theme, title, body, decided, decided, account=staff, kind=OpinionKind.LEAD
            )
            desk.take_in(report, decided)
        done = None if state is LeadState.RECEIVED else decided
        source = Source.CITIZEN if officer is None else Source.INFORMATION_OFFICER
        by_phone = officer is None and rng.random() < _BY_PHONE
        add(
            (
                lead_id(), ORGANIZATION_ID, source.value, officer, body, name, code, state.value, reason,
                report_id, utc(created), utc(done) if done else None, staff if done else None,
                staff if by_phone else None, local_date(created) if by_phone else None,
            )
        )  # fmt: skip
        rows.step()
