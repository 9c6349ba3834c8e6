"""The words of the command line's library in Chinese: headings of help, and what is wrong with what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

_HEADINGS = {"Options": "选项", "Arguments": "参数", "Commands": "命令"}
#: Patterns of English sentences, and what they are in Chinese; the first one that matches a whole sentence.
_SENTENCES = (
    (r"Show this message and exit\.", "显示本帮助。"),
    (r"Invalid value for (.+?): (.+)", r"{1} 的值不对：{2}"),
    (r"Invalid value: (.+)", r"值不对：{1}"),
    (r"(?:Value error, )?(.+) is not one of (.+?)\.?", r"{1} 不在可选的值之中：{2}。"),
    (r"(?:Value error, )?(.+) is not a valid (?:integer|float|number|int)(?: range)?\.?", r"{1} 不是数字。"),
    (r"(?:Value error, )?(.+) is not in the range (.+?)\.?", r"{1} 不在范围 {2} 之内。"),
    (
        r"(?:Value error, )?(.+) does not match the formats? (.+?)\.?",
        r"{1} 不是日期，请写成 2026-12-31 这样。",
    ),
    (r"(?:file|directory|path) (.+) does not exist\.", r"{1} 不存在。"),
    (r"(?:file|directory|path) (.+) is a directory\.", r"{1} 是文件夹，应是文件。"),
    (r"(?:file|directory|path) (.+) is a file\.", r"{1} 是文件，应是文件夹。"),
    (r"(?:file|directory|path) (.+) is not readable\.", r"{1} 不可读。"),
    (r"Input should be less than or equal to (.+)", r"应不大于 {1}。"),
    (r"Input should be greater than or equal to (.+)", r"应不小于 {1}。"),
    (r"Input should be a valid (?:integer|number).*", "应是数字。"),
    (r"Missing (?:argument|option|parameter) (.+?)\.(?: .*)?", r"缺少 {1}。"),
    (r"Missing command\.", "缺少命令。"),
    (r"No such command (.+?)\.+(?: Did you mean (.+)\?)?", r"没有命令 {1}。{2:是不是 %s？}"),
    (r"No such option:? (.+?)\.?(?: .*)?", r"没有选项 {1}。"),
    (r"Got unexpected extra arguments? \((.+)\)", r"多余的参数：{1}。"),
    (r"Option (.+) requires an argument\.", r"选项 {1} 后面要有值。"),
)
_FIELD = re.compile(r"\{(\d)(?::([^}]*))?\}")


def in_chinese(sentence: str) -> str:
    """An English sentence of the library in Chinese; as it is when nobody has translated it."""
    for pattern, chinese in _SENTENCES:
        if match := re.fullmatch(pattern, sentence.strip(), re.DOTALL):
            return _FIELD.sub(lambda field, match=match: _filled(field, match), chinese)  # type: ignore[misc]
    return sentence


def _filled(field: re.Match[str], match: re.Match[str]) -> str:
    value = match[int(field[1])]
    if field[2]:
        return field[2] % value if value else ""
    return in_chinese(value)


_Formatter: Any = typer.Context.formatter_class


class ChineseHelp(_Formatter):  # type: ignore[misc]
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how a command is written."""
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        """A list of terms and explanations."""
        chinese = [(term, _explained(text)) for term, text in rows]
        super().write_dl(chinese, *args, **options)


def _explained(text: str) -> str:
    text = re.sub(r"\[(?:[^\]]*; )?required\]$", "[必填]", in_chinese(text))
    return re.sub(r"\[default: ([^\]]*)\]$", r"[默认 \1]", text)


def speak_chinese() -> None:
    """Have all help of this process in Chinese."""
    typer.Context.__base__.formatter_class = ChineseHelp  # type: ignore[union-attr]
