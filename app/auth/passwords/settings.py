"""What an organization may ask of passwords."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from app.core.config import Settings
from app.core.organization_settings import Says, SettingsGroup

Length = Annotated[
    int,
    Field(ge=8, le=64, description="Characters of a new password at least."),
    Says(
        "密码最短长度", "新密码至少要有这么多个字符。已有的密码照用，到下一次修改时才按新的要求。", "个字符"
    ),
]
Age = Annotated[
    int,
    Field(ge=0, le=3650, description="Days after which a password must be changed; 0: never."),
    Says("密码有效期", "超过这么多天没有改过密码的，登录后须先改密码。填 0 表示不过期。", "天"),
]
Classes = Annotated[
    int,
    Field(ge=1, le=4, description="Kinds of characters that a new password mixes at least."),
    Says("密码须混用几类字符", "大写字母、小写字母、数字、符号四类中，新密码至少要有这么多类。", "类"),
]


class PasswordRules(SettingsGroup):
    """Passwords of who holds a role in the organization; of several organizations the strictest rule counts."""

    group: ClassVar[str] = "passwords"
    says: ClassVar[Says] = Says(
        "密码", "对本组织所有账号的密码要求；在几个政协组织任职的，按其中最严的一个。"
    )

    min_length: Length = 8
    max_age_days: Age = 0
    classes: Classes = 1

    @classmethod
    def defaults(cls, config: Settings) -> dict[str, Any]:
        """Those of the machine's environment."""
        return {name: getattr(config, f"password_{name}") for name in cls.model_fields}

    @classmethod
    def age(cls, stored: Mapping[str, Any], config: Settings) -> int:
        """The only rule that every request asks for, without the validation of the group."""
        days: int = stored.get(cls.group, {}).get("max_age_days", config.password_max_age_days)
        return days

    @classmethod
    def strictest(cls, rules: Iterable[Self]) -> Self:
        """The rules of a new password of who belongs to several organizations; when they expire is each one's own."""
        found = list(rules)
        return cls(
            min_length=max(rule.min_length for rule in found),
            classes=max(rule.classes for rule in found),
        )
