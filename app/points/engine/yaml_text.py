"""Rulesets as text: YAML in, with faults that name rule and line; the shipped ones; the JSON Schema."""

import json
from importlib.resources import files
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from app.core.web.http import field_error
from app.points.engine.checks import Place, disagreements
from app.points.engine.ruleset import Ruleset

#: Characters of a ruleset's text.
LONGEST = 60_000
_DEEPEST = 12
_SHIPPED = files("app.points") / "rulesets"


class RulesetFault(NamedTuple):
    """What is wrong, in Chinese, in which line (from 1) and rule; `place` is what is meant, from the top."""

    line: int
    rule: str | None
    detail: str
    place: Place = ()


class UnreadableRulesetError(ValueError):
    """A text that is no ruleset; `faults` in the order of their lines."""

    def __init__(self, faults: list[RulesetFault]) -> None:
        super().__init__("；".join(f"第 {fault.line} 行：{fault.detail}" for fault in faults))
        self.faults = faults


def read(text: str) -> Ruleset:
    """The ruleset that a YAML text says; `UnreadableRulesetError` when it says none."""
    data, lines = _parsed(text)
    faults: list[tuple[Place, str]] = []
    try:
        ruleset = Ruleset.model_validate(data)
        faults = disagreements(ruleset)
    except ValidationError as error:
        faults = [(one["loc"], field_error(one).detail) for one in error.errors(include_url=False)]
    if faults:
        found = (_fault(place, why, data, lines) for place, why in faults[:50])
        raise UnreadableRulesetError(sorted(found, key=lambda one: (one.line, one.rule or "", one.detail)))
    return ruleset


def _fault(place: Place, why: str, data: Any, lines: dict[Place, int]) -> RulesetFault:
    known = place
    while known not in lines:
        known = known[:-1]
    rule = None
    if len(place) > 1 and isinstance(part := _at(data, place[:2]), dict):
        rule = str(part.get("id", part.get("label", "")))[:60] or None
    field = (
        ".".join(str(step) for step in place[2:] if isinstance(step, str))
        if rule
        else "".join(map(str, place[:1]))
    )
    said = f"{field}：{why}" if field else why
    return RulesetFault(lines[known], rule, f"“{rule}”的 {said}" if rule else said, place)


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _parsed(text: str) -> tuple[Any, dict[Place, int]]:
    """The plain data of a text, and the line of each of its places."""
    lines: dict[Place, int] = {(): 1}
    if len(text) > LONGEST:
        raise UnreadableRulesetError([RulesetFault(1, None, f"太长了，最多 {LONGEST} 个字符")])
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            return (None if root is None else _plain(loader, root, (), lines)), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        said = error.problem if error.problem in _SAID else "不是有效的 YAML，请检查缩进、冒号和引号"
        raise UnreadableRulesetError([RulesetFault(line, None, said or "")]) from None
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # the library stumbles over values that are not what their tag says: !!int "", !!timestamp yesterday
        raise UnreadableRulesetError([RulesetFault(1, None, "不是有效的 YAML")]) from None


_ALIAS, _TWICE, _DEEP = "不能使用别名（* 和 &）", "同一项写了两次", "嵌套太深"
_SAID = {_ALIAS, _TWICE, _DEEP}


class _Loader(yaml.SafeLoader):
    """A text may not multiply itself."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=_ALIAS, problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def _plain(loader: _Loader, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if len(place) > _DEEPEST:
        raise yaml.MarkedYAMLError(problem=_DEEP, problem_mark=node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*place, n), lines) for n, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in data:
            raise yaml.MarkedYAMLError(problem=_TWICE, problem_mark=key.start_mark)
        data[name] = _plain(loader, value, (*place, name), lines)
    return data


def schema_text() -> str:
    """The JSON Schema as it is committed."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of a ruleset, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Ruleset.model_json_schema()


def shipped() -> dict[str, str]:
    """The texts of the rulesets that come with the program, by name."""
    found = sorted(file.name for file in _SHIPPED.iterdir() if file.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): (_SHIPPED / name).read_text("utf-8") for name in found}
