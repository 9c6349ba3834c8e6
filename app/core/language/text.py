"""Text from people: NFC, nothing in it that cannot be seen, always bounded.

The rule, for every client: breaks of lines of all kinds become LF. What prints nothing is removed without a word,
because nobody who pasted it can see it: zero-width spaces, soft hyphens, marks of direction, fillers, tags. Joiners
and variation selectors stay where they shape what is seen: in emoji, and in words of scripts that need them (Arabic
with Uyghur, Indic scripts, Tibetan, Mongolian), ideographic selectors after a Han character. At most `MARKS`
combining marks stay on a letter. Refused are control characters, private use and what is no character at all:
something would be lost. Nobody reads the number of a character in a sentence.
"""

import re
import unicodedata
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, LiteralString, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

#: Tibetan stacks and Vietnamese, Thai or Hebrew letters have fewer.
MARKS = 8

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_CHARACTERS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Tabs stay; rare Han characters beyond the BMP stay; lone surrogates go.
_REFUSED = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffd{_NO_CHARACTERS}"
    "\U000f0000-\U0010fffd]"
)
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_SYMBOL = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_MONGOLIAN = "\u1800-\u180a\u1810-\u18aa"
_SHAPED = (
    "\u0620-\u06ff\u0750-\u077f\u0870-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f"
    f"{_MONGOLIAN}\u180b-\u180f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
#: Selectors and joiners that shape nothing where they are.
_SELECTOR = re.compile(
    f"(?<![{_SYMBOL}0-9#*])[\ufe0e\ufe0f]|(?<![{_SYMBOL}{_HAN}])[\ufe00-\ufe0d]|(?<![{_HAN}])[\U000e0100-\U000e01ef]"
    f"|(?<![{_MONGOLIAN}])[\u180b-\u180d\u180f]|(?<![{_MONGOLIAN}])(?<![{_MONGOLIAN}][\u180b-\u180d\u180f])\u180e"
)
_JOINER = re.compile(
    f"[\u200c\u200d](?!(?<=[{_SHAPED}].)[{_SHAPED}])(?!(?<=[{_SYMBOL}\ufe0f]\u200d)[{_SYMBOL}])"
)
_SEEN = re.compile(r"[^\s\u2800]")


def clean(value: str) -> str:
    """`value` by the rule above, outer blanks cut; ValueError says what is wrong with it."""
    value = _BREAKS.sub("\n", value)
    if _REFUSED.search(value):
        raise ValueError("有的字符别人的手机上显示不出来，请删去这一处重新输入")
    cleaned = _once(value)
    if len(cleaned) > len(
        value
    ):  # a few Indic and Hebrew letters grow, past bounds that were already checked
        raise ValueError("有的字母别人的手机上显示不出来，请换一种写法")
    while cleaned != value:  # what was removed may have held up something else
        value, cleaned = cleaned, _once(cleaned)
    return cleaned


def _once(value: str) -> str:
    seen = _JOINER.sub("", _SELECTOR.sub("", _UNSEEN.sub("", value)))
    # ordering marks takes time by the square of their number, so piles go first; a composed letter has taken up to four
    composed = unicodedata.normalize("NFC", _with_few_marks(seen, 4 * MARKS))
    return _with_few_marks(composed, MARKS).strip()


def _with_few_marks(value: str, most: int) -> str:
    if value.isascii():
        return value
    kept, marks = [], 0
    for character in value:
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
        elif category != "Cf":  # a joiner begins no new letter
            marks = 0
        if marks <= most or category == "Cf":
            kept.append(character)
    return "".join(kept)


def of_file(raw: bytes) -> str:
    """The text of a file in UTF-8 or GB 18030, clean, without what cannot be printed; ValueError when it is none."""
    try:
        found = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = raw.decode("gb18030")
    return printable(found)


def printable(value: str) -> str:
    """`value` clean, without what would be refused."""
    return clean(_REFUSED.sub("", _BREAKS.sub("\n", value)))


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("不能换行")
    return value


def _something(value: str) -> str:
    if not _SEEN.search(value):
        raise ValueError("还没有内容，请写几个字再提交")
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


_When = TypeVar("_When", date, datetime)


def _near(moment: _When) -> _When:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"应在 {_FIRST_YEAR} 年至 {_LAST_YEAR} 年之间")
    return moment


_FIRST_YEAR, _LAST_YEAR = 1900, 2999
#: A time with a zone, of years in which every zone can say it.
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


def _parts(annotation: Any) -> list[Any]:
    """A type with all it is made of."""
    return [annotation, *(part for inner in get_args(annotation) for part in _parts(inner))]


@cache
def _number_type(model: type[BaseModel], name: str) -> LiteralString | None:
    """The error of a field that takes numbers and no bool; None for any other field."""
    parts = _parts(model.model_fields[name].annotation)
    if bool in parts:
        return None
    return "float_type" if float in parts else "int_type" if int in parts else None


class Input(BaseModel):
    """What a client sends: unknown fields are refused; infinities, days of another age, true where a number is due."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_bool_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        some = value if isinstance(value, list) else [value]
        if any(isinstance(one, bool) for one in some) and (error := _number_type(cls, info.field_name or "")):
            raise PydanticCustomError(error, "应当是数字")  # pydantic would take it for 1 or 0
        return value

    @field_validator("*")
    @classmethod
    def _of_our_age(cls, value: Any) -> Any:
        return _near(value) if type(value) is date else value
