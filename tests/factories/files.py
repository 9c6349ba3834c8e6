"""Files that members upload, and where their bytes are."""

import time

from sqlalchemy import select

from app.core.sql import table
from app.files import store
from app.files.models import File
from app.files.service import folder
from tests.factories.city import City, Who
from tests.files import contents


def upload(who: Who, content: bytes, name: str = "照片.jpg", **kw):
    return who.http.post("/api/v1/files", files={"file": (name, content)}, **kw)


def key_of(who: Who, content: bytes | None = None, name: str = "照片.jpg") -> str:
    """The key of a file that is uploaded now; asked again while the server is busy, as clients do."""
    for _ in range(3):
        answer = upload(who, content or contents.photo(), name)
        if answer.status_code != 503:
            break
        time.sleep(float(answer.headers["Retry-After"]))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


class Stored:
    """Where the bytes of a file are."""

    def __init__(self, city: City, key: str) -> None:
        self.folder = folder(city.app.state.settings)
        with city.database.read.connect() as conn:
            f = table(File)
            self.sha256 = conn.scalar(select(f.c.sha256).where(f.c.key == key)) or ""
        self.content = store.path(self.folder, self.sha256)
        self.thumbnail = store.path(self.folder, self.sha256, thumbnail=True)

    def rot(self) -> None:
        """Change one byte in the middle."""
        content = bytearray(self.content.read_bytes())
        content[len(content) // 2] ^= 1
        self.content.write_bytes(content)
