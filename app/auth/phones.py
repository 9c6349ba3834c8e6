"""Phone numbers: E.164 within, masked without."""

import phonenumbers

from app.core.errors import Invalid


def e164(phone: str) -> str:
    """A phone number as people write it (mainland China unless it says otherwise) in E.164; `Invalid` if it is none."""
    try:
        number = phonenumbers.parse(phone, "CN")
    except phonenumbers.NumberParseException as e:
        raise Invalid("手机号格式不正确。", code="bad_phone") from e
    if not phonenumbers.is_valid_number(number):
        raise Invalid("手机号格式不正确。", code="bad_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(phone: str) -> str:
    """An E.164 number as its owner says it: `13912345678`, or whole when it is not from mainland China."""
    return phone.removeprefix("+86")


def masked(phone: str) -> str:
    """Masked phone number for display: `139****5678`."""
    digits = str(phonenumbers.parse(phone).national_number)
    return f"{digits[:3]}****{digits[-4:]}"
