"""Rules of the city for this duty year and the one before, after those of a real one; the worker computes the scores."""

from datetime import timedelta

from sqlmodel import Session

from app.core import clock, outbox
from app.demo.plan import ORGANIZATION_ID
from app.demo.world import World
from app.points.models import RulesetVersion
from app.points.ruleset_text import read, shipped

RULES = "minhang"
NAME = "云川市政协委员履职积分办法"


def fill(db: Session, world: World) -> None:
    """Have the rules published as soon as somebody serves the city."""
    model = shipped()[RULES]
    text = model.replace(read(model).name, NAME, 1).replace("source: ", "source: 参照", 1)
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
