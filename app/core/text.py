"""Text from people: NFC, no control, bidi-override or zero-width characters, always bounded."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

# Line feeds and tabs stay; rare Han characters beyond the BMP stay; lone surrogates go.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def clean(value: str) -> str:
    """`value` in NFC with LF line ends, outer blanks cut; ValueError names the first refused character."""
    value = value.replace("\r\n", "\n")
    if found := _REFUSED.search(value):
        raise ValueError(f"含有不允许的字符 U+{ord(found.group()):04X}")
    composed = unicodedata.normalize("NFC", value)
    if len(composed) > len(
        value
    ):  # a few Indic and Hebrew letters grow, past bounds that were already checked
        raise ValueError("含有不支持的组合字符")
    return composed.strip()


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


def of_file(raw: bytes) -> str:
    """The text of a file in UTF-8 or GB 18030, clean, without marks that print nothing; ValueError when it is none."""
    try:
        found = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = raw.decode("gb18030")
    return printable(found)


def printable(value: str) -> str:
    """`value` clean, without marks that print nothing."""
    return clean(_UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("不能换行")
    return value


def _something(value: str) -> str:
    if not value:
        raise ValueError("不能为空")
    return value


_Clean = AfterValidator(clean)
_Something = AfterValidator(_something)
_OneLine = AfterValidator(_one_line)

#: Characters of the longest texts.
MOST = 20_000

Name = Annotated[str, StringConstraints(max_length=50), _Clean, _OneLine, _Something]
Title = Annotated[str, StringConstraints(max_length=120), _Clean, _OneLine, _Something]
Line = Annotated[str, StringConstraints(max_length=200), _Clean, _OneLine]
Remark = Annotated[str, StringConstraints(max_length=500), _Clean, _Something]
Post = Annotated[str, StringConstraints(max_length=2_000), _Clean, _Something]
Essay = Annotated[str, StringConstraints(max_length=MOST), _Clean, _Something]
Draft = Annotated[str, StringConstraints(max_length=MOST), _Clean]
DraftTitle = Annotated[str, StringConstraints(max_length=120), _Clean, _OneLine]


def _near(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"应在 {_FIRST_YEAR} 年至 {_LAST_YEAR} 年之间")
    return moment


_FIRST_YEAR, _LAST_YEAR = 1900, 2999
#: A time with a zone, of years in which every zone can say it.
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class Input(BaseModel):
    """What a client sends: unknown fields are refused, infinities too."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
