"""What a seed's author gets: credit in the ledger, and word of what came of it."""

from collections.abc import Collection
from functools import partial

from sqlmodel import Session

from app.core.sql import advisory_lock
from app.duty import domain_events
from app.duty import service as duty
from app.lineage import queries
from app.lineage.credit import queries as credit_queries
from app.lineage.facts import queries as fact_queries
from app.lineage.rules import LABELS, Thing
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.proposals.lifecycle import ON_FILE

_GONE = "这条内容已被删除或隐藏"
_UNDONE = "由此形成的材料不再立案、签发或落实"


@domain_events.on(
    "proposal.filed",
    "proposal.unfiled",
    "proposal.merged",
    "proposal.unmerged",
    "proposal.replied",
    "proposal.unreplied",
    "commitment.kept",
    "commitment.unkept",
    "opinion.issued",
    "opinion.unissued",
    "opinion.adopted",
)
def settle(
    db: Session,
    organization_id: int,
    thing: Thing,
    by: int | None,
    *,
    reason: str = _UNDONE,
    again: bool = False,
) -> None:
    """Bring the ledger in line for a thing and all that it came of; `again`: a credit returns to its first day."""
    conn = db.connection()
    # a link and the filing of what it leads to, at one time: the later of the two sees both
    advisory_lock(conn, f"lineage:{organization_id}")
    for one in queries.with_merged(conn, thing):
        held = credit_queries.credits_of(conn, credit_queries.held(around=True), one)
        due = set[credit_queries.Credit]()
        if queries.is_linked(conn, one):
            due = credit_queries.credits_of(conn, credit_queries.due(around=True), one)
        for kind, seed_type, seed_id, seat_id in sorted(due - held):
            seed = (seed_type, seed_id)
            at = credit_queries.first_day(conn, seat_id, kind, seed) if again else None
            duty.record(db, seat_id, kind, seed, at=at, by=by)
        for kind, seed_type, seed_id, seat_id in sorted(held - due):
            duty.void(db, (seed_type, seed_id), reason, by, kinds=[kind], seat_id=seat_id)


# alone in touching the credit of seeds, all under one lock: voiding it before could deadlock
domain_events.on("reply.hidden", "reply.deleted", "update.hidden", "update.deleted")(
    partial(settle, reason=_GONE)
)
domain_events.on("reply.unhidden", "update.unhidden")(partial(settle, again=True))

#: Kind and words of the news of a thing that came of a seed, by how far it has come.
_SUBMITTED = credit_queries.USED, "您的{seed}被引为线索，写成的材料已报送"
_FILED = NoticeKind.SEED_TAKEN_UP, "由您的{seed}引出的提案《{title}》已立案"
_FRUIT = NoticeKind.SEED_BORE_FRUIT, "由您的{seed}引出的提案《{title}》已办理落实"
_ISSUED = NoticeKind.SEED_TAKEN_UP, "由您的{seed}引出的一篇社情民意信息已签发"
_ADOPTED = NoticeKind.SEED_TAKEN_UP, "由您的{seed}引出的一篇社情民意信息已被采用"


def tell(
    db: Session,
    organization_id: int,
    thing: Thing,
    by: int | None,
    *,
    news: tuple[NoticeKind, str],
    but: Collection[Thing] = (),
) -> None:
    """Tell each of whose words a thing came; title and author only of what is open to all members."""
    conn = db.connection()
    linked = [one for one in queries.with_merged(conn, thing) if queries.is_linked(conn, one)]
    if not linked:
        return
    fact = fact_queries.facts(conn, [thing])[thing]
    is_open, told = fact.state in ON_FILE, {by, fact.account_id}
    for one in linked:
        for seed, account_id in credit_queries.seeds_of(conn, one):
            if account_id in told or seed in but:
                continue
            told.add(account_id)
            kind, words = news
            line = words.format(seed=LABELS[seed[0]], title=fact.title)
            notify(db, organization_id, [account_id], kind, line, thing if is_open else seed)


for _name, _news in {
    "proposal.filed": _FILED,
    "commitment.kept": _FRUIT,
    "opinion.issued": _ISSUED,
    "opinion.adopted": _ADOPTED,
}.items():
    domain_events.on(_name)(partial(tell, news=_news))


@domain_events.on("proposal.replied")
def _replied(db: Session, organization_id: int, thing: Thing, by: int | None) -> None:
    """A reply is a result where what was asked for has been done."""
    if fact_queries.facts(db.connection(), [thing])[thing].bore_fruit:
        tell(db, organization_id, thing, by, news=_FRUIT)


@domain_events.on("proposal.submitted", "opinion.submitted")
def _submitted(db: Session, organization_id: int, thing: Thing, by: int | None) -> None:
    """That something is being written is known to its author alone until it is handed in; once is enough."""
    conn = db.connection()
    told = credit_queries.told_of_use(conn, thing) if queries.is_linked(conn, thing) else []
    tell(db, organization_id, thing, by, news=_SUBMITTED, but=told)


def tell_so_far(
    db: Session, organization_id: int, thing: Thing, by: int | None, *, but: Collection[Thing]
) -> None:
    """Tell those of whose words a thing is now said to have come how far it is already."""
    fact = fact_queries.facts(db.connection(), [thing])[thing]
    if fact.draft:
        return
    news = _SUBMITTED
    if fact.state in ON_FILE:  # of one that was merged others do not know the title
        news = _FILED
    elif fact.taken_up and thing[0] == "opinion_report":
        news = _ISSUED
    tell(db, organization_id, thing, by, news=_FRUIT if fact.bore_fruit else news, but=but)
