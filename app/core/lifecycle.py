"""Life cycles as tables of transitions: states and steps are data, read here, known to the domains only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from app.core.errors import Conflict, Forbidden, Invalid

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Transition(Generic[S]):
    """One step: `action` leads from any of `sources` to `target`, for those who hold `permission`.

    Where there are coded `reasons` (code → Chinese), one of them must be given. `news` is what those hear who have to
    do with it, a template; `event` and `undo_event` are published for packages above when it is run, and undone.
    """

    action: str
    label: str
    sources: frozenset[S]
    target: S
    permission: str
    by_author: bool = False
    needs_reason: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    news: str = ""
    event: str = ""
    undo_event: str = ""

    def require(self, permissions: Iterable[str], *, author: bool) -> None:
        """`Forbidden` unless the actor with `permissions` may run this step."""
        if self.permission not in set(permissions) or (self.by_author and not author):
            raise Forbidden

    def check_reason(self, code: str | None, reason: str | None) -> None:
        """`Invalid` unless the reason that this step asks for was given, and no code that it does not know."""
        if self.reasons and code is None:
            raise Invalid("请选择理由。", code="reason_required")
        if code is not None and code not in self.reasons:
            raise Invalid("不是可选的理由。", code="unknown_reason")
        if self.needs_reason and not reason:
            raise Invalid("请说明理由。", code="reason_required")


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """A table of transitions with the Chinese names of its states."""

    labels: dict[S, str]
    transitions: Sequence[Transition[S]]

    @property
    def ends(self) -> frozenset[S]:
        """The states from which no step leads on."""
        return frozenset(self.labels) - {source for step in self.transitions for source in step.sources}

    def step(self, state: S, action: str) -> Transition[S]:
        """The transition `action` from `state`; `Conflict` names the present state when there is none."""
        for transition in self.transitions:
            if transition.action == action and state in transition.sources:
                return transition
        raise Conflict(
            f"当前状态为“{self.labels[state]}”，不能进行此操作。",
            code="illegal_transition",
            state=state,
            action=action,
        )

    def take(
        self, state: S, action: str, reason: str | None, permissions: Iterable[str], *, author: bool
    ) -> Transition[S]:
        """The transition `action` from `state`, for an actor who may run it and says why where that is asked."""
        step = self.step(state, action)
        step.require(permissions, author=author)
        step.check_reason(None, reason)
        return step

    def open_to(self, state: S, permissions: Iterable[str], *, author: bool) -> list[Transition[S]]:
        """The transitions which an actor with `permissions` may run from `state`."""
        held = set(permissions)
        return [
            t
            for t in self.transitions
            if state in t.sources and t.permission in held and (author or not t.by_author)
        ]
