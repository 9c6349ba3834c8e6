"""Rules of the city for this duty year and the one before, after those of a real one; the worker computes the scores."""

from datetime import timedelta

from sqlmodel import Session

from app.core import clock, outbox
from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.world import World
from app.points.engine.yaml_text import read, shipped
from app.points.models import RulesetVersion

RULES = "minhang"
NAME = "云川市政协委员履职积分办法"

#: What the city asks of everybody: little enough that most have done it.
_SERVICES = """\
  - id: service
    label: 服务群众
    kinds: [service.rendered]
    points_by: {visit: 2, volunteering: 2, donation: 3, lecture: 2}
    at_most: 10

"""
_BEST = """\
scales:
  - id: year
    label: 年度等次
    bands:
      - {label: 优秀, top_count: 60, needs_minimums: true}

"""
_MINIMUMS = """\
minimums:
  - id: plenary
    label: 参加全体会议
    kinds: [activity.attended]
    forms: [plenary]
    count: 1
    full_year_only: true
    advice: 参加一次全体会议并签到
  - id: activities
    label: 参加日常会议和活动
    kinds: [activity.attended]
    forms: [standing_committee, committee_meeting, inspection, research, training, consultation]
    count: 1
    advice: 报名参加会议、视察、调研或培训，到场签到
  - id: voice
    label: 建言资政
    kinds: [proposal.submitted, opinion.submitted, topic.joined, reply.posted]
    count: 1
    advice: 提交或联名一件提案，报送一篇信息，或参加一次讨论

"""


def fill(db: Session, world: World) -> None:
    """Have the rules published as soon as somebody serves the city."""
    model = shipped()[RULES]
    text = model.replace(read(model).name, NAME, 1).replace("source: ", "source: 参照", 1)
    head, _, rest = text.partition("minimums:")
    head = head.replace("groups:", f"{_SERVICES}groups:", 1)
    text = head + _MINIMUMS + _BEST + rest[rest.index("boards:") :]
    ruleset = read(text)
    this = clock.local_day(clock.now()).year
    for year in (this - 1, this):
        row = RulesetVersion(
            organization_id=ORGANIZATION_ID,
            duty_year=year,
            version=1,
            state="publishing",
            name=ruleset.name,
            text=text,
            rules=ruleset.model_dump(mode="json", exclude_defaults=True),
            reason="主席会议审议通过",
            created_by=world.staff[0],
            created_at=clock.now() - timedelta(days=1),
            published_by=world.staff[0],
            scored_to=0,
        )
        db.add(row)
        db.flush()
        key = f"demo:{row.id}"
        outbox.enqueue(db, "points.compute", key, organization_id=row.organization_id, ruleset_id=row.id or 0)
