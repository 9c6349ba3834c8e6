"""Phone numbers as rosters hold them: what is wrong with one is said exactly."""

import re
import unicodedata

import phonenumbers

_MAINLAND = re.compile(r"1[3-9]\d{9}")
_DIGITS = 11


def mobile(written: str) -> str:
    """`+8613800138000` from a number as people write it; ValueError says in Chinese what is wrong with it.

    Mainland mobile numbers need no prefix; numbers of other regions are written with `+` and region code.
    """
    plain = unicodedata.normalize("NFKC", written)
    if re.fullmatch(r"\s*\d(\.\d+)?[eE]\+?\d+\s*", plain):
        raise ValueError("号码成了科学计数法，已经丢了数字，请把单元格改为文本格式再填")
    if re.search(r"\d{7}\s*[/、,;或]\s*\d", plain):
        raise ValueError("有多个号码，只留一个")
    plain = re.sub(r"[\s().·—–-]", "", plain)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("+") and not plain.startswith("+86"):
        return _abroad(plain)
    digits = plain.removeprefix("+86")
    if len(digits) > _DIGITS and digits.startswith("86"):
        digits = digits[2:]
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("号码里有不是数字的字符")
    if digits.startswith("0"):
        raise ValueError("这是固定电话，请填手机号码")
    if missing := _DIGITS - len(digits):
        count = "一两三四五六七八九十"[abs(missing) - 1] if abs(missing) <= 10 else str(abs(missing))  # noqa: PLR2004
        raise ValueError(f"号码{'少' if missing > 0 else '多'}{count}位")
    if not _MAINLAND.fullmatch(digits):
        raise ValueError("不是手机号码")
    return "+86" + digits


def _abroad(plain: str) -> str:
    try:
        number = phonenumbers.parse(plain)
    except phonenumbers.NumberParseException:
        raise ValueError("不是电话号码") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("不是该地区的电话号码")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
