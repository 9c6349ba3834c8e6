"""Last year's bulletin, published in January; its points are computed first, which the worker would do later."""

from datetime import date, timedelta

from sqlalchemy import select, update

from app.bulletins import service
from app.bulletins.models import Bulletin
from app.bulletins.schemas import BulletinIn
from app.core import clock
from app.core.db import Database
from app.core.sql import table
from app.demo.city.plan import ORGANIZATION_ID
from app.points.models import RulesetVersion
from app.points.rulesets.service import compute_some

_b, _r = table(Bulletin), table(RulesetVersion)
_PREFACE = """\
根据《政协章程》和市政协委员履职工作规则，现将本年度委员履职情况通报如下。
请各界别、各专委会对照统计，加强联系服务，帮助委员更好地履行职责。"""


def fill(database: Database) -> None:
    """Count and publish it."""
    year = clock.local_day(clock.now()).year - 1
    mine = (_r.c.organization_id == ORGANIZATION_ID) & (_r.c.duty_year == year)
    with database.read.connect() as conn:
        ruleset_id = conn.execute(select(_r.c.id).where(mine)).scalar_one()
    waiting = select(_r.c.id).where(_r.c.id == ruleset_id, _r.c.state == "publishing")
    left = True
    while left:
        with database.transaction() as db:
            compute_some(db, {"organization_id": ORGANIZATION_ID, "ruleset_id": ruleset_id})
            left = db.connection().scalar(waiting) is not None
    with database.transaction() as db:
        draft = service.draft(db, ORGANIZATION_ID, BulletinIn(duty_year=year, preface=_PREFACE))
    service.count(database, ORGANIZATION_ID)
    published_at = clock.day_starts(date(year + 1, 1, 15)) + timedelta(hours=10)
    # members have read of it long ago: nobody is told
    said = {"state": "published", "counted_at": published_at, "published_at": published_at}
    with database.transaction() as db:
        db.connection().execute(update(_b).where(_b.c.id == draft.id).values(**said))
