"""Documents of a library, brought in and indexed."""

from datetime import date
from typing import Any

from app.core import outbox
from app.library import service
from app.library.facts import DocumentFacts
from app.library.rules import DocumentKind
from tests.factories.city import City

DAY = date(2019, 3, 5)


def paper(
    city: City, title: str, body: str, kind: DocumentKind = DocumentKind.PROPOSAL, **more: Any
) -> DocumentFacts:
    """An imported document, named by its title and day unless it has a `ref`."""
    day = more.pop("dated_on", DAY)
    ref = more.pop("ref", f"import:{title}{day}")
    return DocumentFacts(city.organization_id, ref, kind, title, body, day, **more)


def shelved(city: City, *papers: DocumentFacts) -> None:
    """Bring documents in and index them."""
    with city.database.transaction() as db:
        service.put(db.connection(), city.organization_id, papers)
    service.index_all(city.database, lambda _stage, _done, _total: None)


def worked(city: City) -> None:
    """Do what waits for the worker."""
    while outbox.run_due(city.database):
        pass
