"""Proposals of the term before, with the answers to them, as a secretariat would import them."""

from datetime import date, timedelta

from app.demo.city.plan import ORDINAL, ORGANIZATION_ID
from app.demo.city.world import World
from app.library.models import LibraryDocument
from app.library.rules import DocumentKind
from app.people.service import numeral


def fill(world: World) -> None:
    """Write the older proposals, oldest first."""
    (rng, writer), rows = world.chance("library"), world.rows
    add = rows.into(LibraryDocument, "id organization_id ref kind title body dated_on source outcome")
    document_id, first_year = rows.ids(LibraryDocument), world.rhythm.first_year - 5
    days = sorted(rng.randrange(5 * 365) for _ in range(world.sizes.older_proposals))
    for number, day in enumerate(days, 1):
        theme, filed_on = world.theme(rng), date(first_year, 1, 1) + timedelta(days=day)
        text = writer.proposal(theme, frozenset())
        answer = writer.say(theme, "reply_from_unit", where=writer.say(theme, "scene"))
        session = filed_on.year - first_year + 1
        source = f"{numeral(ORDINAL - 1)}届{numeral(session)}次会议第{number}号"
        body = f"{text.situation}\n{text.suggestions}"
        add(
            (
                document_id(), ORGANIZATION_ID, f"import:demo{number}", DocumentKind.PROPOSAL.value, text.title, body,
                filed_on, source, f"{theme.unit}答复：{answer}",
            )
        )  # fmt: skip
        rows.step()
