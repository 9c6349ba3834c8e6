"""What the city has decided for itself: settings with their history."""

from sqlmodel import Session

from app.demo.city.plan import ORGANIZATION_ID
from app.people.organizations.service import change_settings
from app.privacy.notice.settings import NoticeSettings

CONTACT = "云川市政协办公室 0571-8888 0000（工作日）"


def fill(db: Session) -> None:
    """Name whom members may ask about their personal data."""
    change_settings(db, ORGANIZATION_ID, NoticeSettings, {"contact": CONTACT}, reason="主席会议决定")
