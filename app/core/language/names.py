"""Names of persons: written alike whoever typed them; what is no part of a name is asked about, never stored."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator
from sqlalchemy import ColumnElement, func

from app.core.language.text import Name

_HAN = r"[\u3007\u3400-\u9fff\U00020000-\U000323af]"
_DOT = "·•・‧∙⋅●．\uff65"
_DOTS = re.compile(rf"\s*[{_DOT}]\s*|(?<={_HAN})\s*\.\s*(?={_HAN})")
_BLANKS = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_NO_NAME = re.compile(r"[\d*#?@&=+<>(){}\[\]（）【】、，；,;:：/\\]")
_KNOWN = re.compile(r"女|男|[\u4e00-\u9fff]{1,5}族")
#: Brackets, full-width ones made narrow before, at the end of a name.
_BRACKETS = re.compile(r"^(.*?)[(\[【]([^()\[\]【】]*)[)\]】]$")
_SEVERAL = re.compile(r"[、,;/&]|和(?=.{2})")
_SHORTEST, _LONGEST = 2, 50


def alike(written: str) -> str:
    """A name as it is stored: no blanks between Chinese characters, `·` for the dot of a transcribed name."""
    return _BLANKS.sub("", _DOTS.sub("·", written))


def checked(written: str) -> str:
    """As `alike`; ValueError in Chinese when it is no name."""
    found = alike(written)
    if not _SHORTEST <= len(found) <= _LONGEST or _NO_NAME.search(found):
        raise ValueError(f"“{found}”不像姓名")
    return found


def split(written: str) -> tuple[str, list[str]]:
    """A name, and the remarks on sex and nationality that stand behind it.

    ValueError in Chinese for other remarks, numbers of namesakes, several persons.
    """
    plain, remarks = unicodedata.normalize("NFKC", written).strip(), list[str]()
    if match := _BRACKETS.match(plain):
        plain, remarks = match[1].strip(), re.split(r"[\s,、;]+", match[2].strip())
    while (parts := plain.rsplit(None, 1)) and len(parts) > 1 and _KNOWN.fullmatch(parts[1]):
        plain, remarks = parts[0], [*remarks, parts[1]]
    unknown = [remark for remark in remarks if not _KNOWN.fullmatch(remark)]
    number = re.search(r"\d+$", plain)
    if number or any(remark.isdigit() for remark in unknown):
        said = number[0] if number else unknown[0]
        raise ValueError(f"姓名后面的“{said}”像是给同名的人编的号，请删去，用委员编号或手机号码区分")
    if unknown:
        raise ValueError(f"姓名后面的“{'，'.join(unknown)}”认不出，请移到备注一列")
    if _SEVERAL.search(plain):
        raise ValueError(f"“{plain}”像是几个人的姓名，请一人一行")
    return checked(plain), remarks


def typed(value: str) -> str:
    """A name from a field of its own; ValueError sends remarks to where they belong."""
    name, remarks = split(value)
    if remarks:
        raise ValueError(f"姓名一栏只填“{name}”：性别另有一栏，民族不用填")
    return name


#: A person's name that somebody types.
PersonName = Annotated[Name, AfterValidator(typed)]


def like(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Whether a name has this part, however either writes dots and blanks."""
    folded: ColumnElement[Any] = column
    for left_out in ("·", " "):
        folded = func.replace(folded, left_out, "")
    return folded.contains(alike(part).replace("·", "").replace(" ", ""), autoescape=True)
