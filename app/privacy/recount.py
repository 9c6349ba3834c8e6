"""What `lvyi recount` proves of requests about personal data."""

from app.core.sql import table
from app.duty import endings
from app.privacy.lifecycle import LIFECYCLE
from app.privacy.models import PersonalRequest

_r = table(PersonalRequest)
endings.register("personal_request", _r, _r.c.state.in_(LIFECYCLE.ends))
