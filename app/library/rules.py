"""Pure rules of the library: kinds of documents and who sees them, which terms tell, how alike two texts are."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from math import log

from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.core.language.fulltext import ALL


class DocumentKind(StrEnum):
    """What a document is."""

    PROPOSAL = "proposal"
    OPINION_REPORT = "opinion_report"
    POLICY = "policy"
    NEWS = "news"


KIND_LABELS = {
    DocumentKind.PROPOSAL: "提案",
    DocumentKind.OPINION_REPORT: "社情民意信息",
    DocumentKind.POLICY: "政策文件",
    DocumentKind.NEWS: "新闻报道",
}

#: Terms that are looked up, and the documents that they may stand in taken together: more make a search slow.
_MOST_TERMS, _MOST_DOCUMENTS = 32, 8_000
#: From which likeness on a proposal is shown to who may merge it with another.
NEARLY_THE_SAME = 0.2
#: From which share on an earlier case is shown to who writes: few words may meet by chance, a whole text does not.
_ALIKE, _ALIKE_WHOLE, _WHOLE = 0.45, 0.3, 100
#: Characters at the beginning of a text that are compared.
COMPARED = 2_000


def kinds_seen(actor: Actor) -> list[DocumentKind]:
    """The kinds of imported documents that the actor sees: opinion reports of others are no business of members."""
    if actor.may(Permission.OPINION_EDIT) or Role.LEADER in actor.roles:
        return list(DocumentKind)
    return [kind for kind in DocumentKind if kind is not DocumentKind.OPINION_REPORT]


def weights(terms: AbstractSet[str], documents: Mapping[str, int]) -> dict[str, float]:
    """What each of some terms tells, the more the rarer it is; `documents` says how many hold each, and all."""
    total = documents.get(ALL, 0)
    return {term: log(1 + (total + 1) / (1 + documents.get(term, 0))) for term in terms}


def telling(terms: AbstractSet[str], documents: Mapping[str, int]) -> list[str]:
    """The rarest of some terms that stand in any document, and no more than can be looked up at once."""
    found, reached = list[str](), 0
    for term in sorted(terms & documents.keys(), key=lambda term: (documents[term], term)):
        reached += documents[term]
        if len(found) == _MOST_TERMS or (found and reached > _MOST_DOCUMENTS):
            break
        found.append(term)
    return found


def share(weights: Mapping[str, float], typed: AbstractSet[str], other: AbstractSet[str]) -> float:
    """How much of what was typed stands in another text, 0 to 1: each term by its weight."""
    whole = sum(weights[term] for term in typed)
    return sum(weights[term] for term in typed & other) / whole if whole else 0.0


def alike(share: float, typed: int) -> bool:
    """Whether an earlier case that has such a share of `typed` terms is shown to who writes."""
    return share >= (_ALIKE if typed < _WHOLE else _ALIKE_WHOLE)


def likeness(share: float, typed: int, other: int) -> float:
    """How much two texts of so many terms have in common of all that is in either, when they share `share`.

    What the other one has beside is taken to weigh as much for each term.
    """
    return share / (1 + other / typed - share) if typed else 0.0
