"""What a seed's author gets: credit in the ledger, and word of what came of it."""

from collections.abc import Collection
from functools import partial

from sqlmodel import Session

from app.core.sql import hold
from app.duty import service as duty
from app.duty import turns
from app.lineage import queries, queries_credit, queries_facts
from app.lineage.rules import LABELS, Thing
from app.notifications.service import notify
from app.proposals.lifecycle import ON_FILE

_GONE = "这条内容已被删除或隐藏"
_UNDONE = "由此形成的材料不再立案、签发或落实"


@turns.after(
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
    anew: bool = False,
) -> None:
    """Bring the ledger in line for a thing and all that it came of; `anew`: a credit returns to its first day."""
    conn = db.connection()
    # a link and the filing of what it leads to, at one time: the later of the two sees both
    hold(conn, f"lineage:{organization_id}")
    for one in queries.with_merged(conn, thing):
        held = queries_credit.credits_of(conn, queries_credit.held(around=True), one)
        due = set[queries_credit.Credit]()
        if queries.is_linked(conn, one):
            due = queries_credit.credits_of(conn, queries_credit.due(around=True), one)
        for kind, seed_type, seed_id, seat_id in sorted(due - held):
            seed = (seed_type, seed_id)
            at = queries_credit.first_day(conn, seat_id, kind, seed) if anew else None
            duty.record(db, seat_id, kind, seed, at=at, by=by)
        for kind, seed_type, seed_id, seat_id in sorted(held - due):
            duty.void(db, (seed_type, seed_id), reason, by, kinds=[kind], seat_id=seat_id)


# alone in touching the credit of seeds, all under one lock: who voided it before would wait in a circle
turns.after("reply.hidden", "reply.deleted", "update.hidden", "update.deleted")(partial(settle, reason=_GONE))
turns.after("reply.unhidden", "update.unhidden")(partial(settle, anew=True))

#: Kind and words of the news of a thing that came of a seed, by how far it has come.
_SUBMITTED = queries_credit.USED, "您的{seed}被引为线索，写成的材料已报送"
_FILED = queries_credit.TAKEN_UP, "由您的{seed}引出的提案《{title}》已立案"
_FRUIT = queries_credit.BORE_FRUIT, "由您的{seed}引出的提案《{title}》已办理落实"
_ISSUED = queries_credit.TAKEN_UP, "由您的{seed}引出的一篇社情民意信息已签发"
_ADOPTED = queries_credit.TAKEN_UP, "由您的{seed}引出的一篇社情民意信息已被采用"


def tell(
    db: Session,
    organization_id: int,
    thing: Thing,
    by: int | None,
    *,
    news: tuple[str, str],
    but: Collection[Thing] = (),
) -> None:
    """Tell each of whose words a thing came; title and author only of what is open to all members."""
    conn = db.connection()
    linked = [one for one in queries.with_merged(conn, thing) if queries.is_linked(conn, one)]
    if not linked:
        return
    fact = queries_facts.facts(conn, [thing])[thing]
    is_open, told = fact.state in ON_FILE, {by, fact.account_id}
    for one in linked:
        for seed, account_id in queries_credit.seeds_of(conn, one):
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
    turns.after(_name)(partial(tell, news=_news))


@turns.after("proposal.replied")
def _replied(db: Session, organization_id: int, thing: Thing, by: int | None) -> None:
    """A reply is a result where what was asked for has been done."""
    if queries_facts.facts(db.connection(), [thing])[thing].bore_fruit:
        tell(db, organization_id, thing, by, news=_FRUIT)


@turns.after("proposal.submitted", "opinion.submitted")
def _submitted(db: Session, organization_id: int, thing: Thing, by: int | None) -> None:
    """That something is being written is known to its author alone until it is handed in; once is enough."""
    conn = db.connection()
    told = queries_credit.told_of_use(conn, thing) if queries.is_linked(conn, thing) else []
    tell(db, organization_id, thing, by, news=_SUBMITTED, but=told)


def tell_so_far(
    db: Session, organization_id: int, thing: Thing, by: int | None, *, but: Collection[Thing]
) -> None:
    """Tell those of whose words a thing is now said to have come how far it is already."""
    fact = queries_facts.facts(db.connection(), [thing])[thing]
    if fact.draft:
        return
    news = _SUBMITTED
    if fact.state in ON_FILE:  # of one that was merged others do not know the title
        news = _FILED
    elif fact.taken_up and thing[0] == "opinion_report":
        news = _ISSUED
    tell(db, organization_id, thing, by, news=_FRUIT if fact.bore_fruit else news, but=but)
