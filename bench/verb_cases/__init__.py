"""What members and staff do all year, each verb as requests without end."""

from bench.verb_cases import members, proposals  # noqa: F401 - they add their verbs
from bench.verb_cases.desk import VERBS, Ask, Desk

__all__ = ["VERBS", "Ask", "Desk"]
