"""How a speech is made, as data."""

from enum import StrEnum

from app.duty.forms import SPEECHES


class SpeechForm(StrEnum):
    """How a speech is made: the forms of its records in the ledger."""

    ORAL = "oral"
    WRITTEN = "written"


FORM_LABELS = {form: SPEECHES[form.value] for form in SpeechForm}
