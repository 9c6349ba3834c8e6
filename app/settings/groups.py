"""All settings of an organization as one model, and each of them explained."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel, JsonValue
from pydantic_core import from_json

from app.auth.passwords.settings import PasswordRules
from app.cards.issued.settings import OPENNESS_LABELS, CardRules
from app.cases.settings import CaseRules
from app.core.config import Settings
from app.core.organization_settings import SettingsGroup
from app.findings.settings import FindingRules
from app.privacy.notice.settings import NoticeSettings
from app.privacy.retention.settings import RetentionRules
from app.proposals.assignments.lifecycle import RESULT_LABELS
from app.proposals.settings.rules import ASK_AGAIN_LABELS
from app.proposals.settings.schemas import ProposalRules


class OrganizationSettings(BaseModel):
    """All that an organization may set, by group."""

    passwords: PasswordRules
    proposals: ProposalRules
    cases: CaseRules
    findings: FindingRules
    cards: CardRules
    retention: RetentionRules
    privacy: NoticeSettings

    @classmethod
    def read(cls, stored: Mapping[str, Any], config: Settings) -> "OrganizationSettings":
        """The settings in an organization's row."""
        return cls.model_validate({name: group.read(stored, config) for name, group in GROUPS.items()})


#: Each group by its key.
GROUPS: dict[str, type[SettingsGroup]] = {
    name: field.annotation  # type: ignore[misc] # every field is a group
    for name, field in OrganizationSettings.model_fields.items()
}
#: What the choices of a setting are called, and the parts of one that holds several values.
_LABELS: dict[str, Mapping[Any, str]] = {
    "cards.sharing": OPENNESS_LABELS,
    "proposals.ask_again": ASK_AGAIN_LABELS,
    "proposals.letters": RESULT_LABELS,
}
_TYPES = {int: "integer", bool: "boolean", str: "text", dict: "map"}


def keys() -> Iterator[tuple[str, type[SettingsGroup], str]]:
    """Every setting: its key, its group, its name in the group."""
    for name, group in GROUPS.items():
        for field in group.model_fields:
            yield f"{name}.{field}", group, field


def described(key: str, group: type[SettingsGroup], name: str, config: Settings) -> dict[str, Any]:
    """A setting in words: what it is called, what it does, what may be set, and its default."""
    field = group.model_fields[name]
    limits = {type(part): part for part in field.metadata if isinstance(part, Ge | Le | MaxLen)}
    default = group.read({}, config).model_dump(mode="json")[name]
    plain = _plain(field.annotation)
    return {
        "key": key,
        **group.says_of(name)._asdict(),
        "value_type": "choice" if _is_choice(plain) else _TYPES[get_origin(plain) or plain],
        "default": default,
        "minimum": getattr(limits.get(Ge), "ge", None),
        "maximum": getattr(limits.get(Le), "le", None),
        "max_length": getattr(limits.get(MaxLen), "max_length", None),
        "choices": [{"code": str(code), "label": label} for code, label in _LABELS.get(key, {}).items()],
    }


def of_text(key: str, text: str) -> JsonValue:
    """A value as it is typed: texts and choices without quotes, all else as JSON; nothing is the default."""
    group, _, name = key.partition(".")
    field = GROUPS[group].model_fields.get(name) if group in GROUPS else None
    plain = _plain(field.annotation) if field is not None else None
    is_text = plain is str or _is_choice(plain)
    if not text or is_text:
        return text or None
    try:
        value: JsonValue = from_json(text)
    except ValueError:
        return text
    return value


def _is_choice(plain: Any) -> bool:
    return get_origin(plain) is Literal or (isinstance(plain, type) and issubclass(plain, StrEnum))


def _plain(annotation: Any) -> Any:
    """A type without what is annotated to it."""
    while get_origin(annotation) in {Annotated, Union, UnionType}:
        annotation = get_args(annotation)[0]
    return annotation
