"""Sections of what is done among the people: visits and services with what came of them, matters and suggestions."""

from app.cards.facts import CardFacts
from app.cards.format import SectionDict, SectionKind
from app.cards.sections.builders import Section, counted, latest, measured, part, section, sentence
from app.duty.measures.rules import Measure

#: Words are those of speeches.
_SERVICE_MEASURES = [measure for measure in Measure if measure is not Measure.WORDS]


def service(facts: CardFacts) -> SectionDict | None:
    """Visits to those one looks after, services, and what came of the acts of the period."""
    visited = counted(facts, "visits_made", "走访联系", "次", "visit.made")
    served = counted(facts, "services", "服务群众", "次", "service.rendered")
    results = measured(facts, _SERVICE_MEASURES)
    if not any(f["value"] for f in (visited, served, *results)):
        return None
    text = sentence(part(visited, "走访联系"), part(served, "服务群众")) or "每一件事，都落在群众身边。"
    items = latest(facts.of("service.rendered"))
    return section("service", "走在群众身边", text, [visited, served, *results], items=items)


def consultation(facts: CardFacts) -> SectionDict | None:
    """Matters, consultations, calls, suggestions that were adopted, and what was written of it."""
    brought = counted(facts, "matters", "提出协商议题", "件", "matter.brought")
    prepared = counted(facts, "preparations", "走访调研", "次", "matter.prepared")
    held = counted(facts, "consultations", "组织协商活动", "次", "consultation.held")
    called = counted(facts, "calls", "反映问题", "件", "case.reported")
    adopted = counted(facts, "suggestions_adopted", "意见建议被采纳", "条", "finding.adopted")
    issued = counted(facts, "outputs", "参与的成果件", "件", "output.issued")
    figures = [adopted, brought, prepared, held, called, issued]
    if not any(f["value"] for f in figures):
        return None
    text = sentence(
        part(brought, "提出协商议题"),
        part(prepared, "为议题走访调研"),
        part(held, "组织协商活动"),
        part(called, "反映困难和问题"),
        part(adopted, "有", "意见建议被采纳"),
        part(issued, "参与写成成果"),
    )
    items = latest(facts.of("consultation.held"))
    return section("consultation", "有事来协商", text, figures, items=items)


SECTIONS: dict[SectionKind, Section] = {"service": service, "consultation": consultation}
