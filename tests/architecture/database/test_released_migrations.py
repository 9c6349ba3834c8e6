"""What has been released is never edited: a database that ran it would have another schema than one that runs it now."""

from hashlib import sha256
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "alembic"
RELEASED = FOLDER / "released.sha256"
MIGRATIONS = sorted((FOLDER / "versions").glob("*.py"))


def listed() -> dict[str, str]:
    lines = [line.split() for line in RELEASED.read_text().splitlines()]
    return {name: digest for digest, name in lines}


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: file.stem)
def test_a_migration_is_as_it_was_released(file: Path):
    name = f"versions/{file.name}"
    assert name in listed(), (
        f"{name} is new. Once it is as it shall land: cd alembic && sha256sum {name} >> released.sha256"
    )
    assert listed()[name] == sha256(file.read_bytes()).hexdigest(), (
        f"{name} has landed and may not be edited, not even its comments: put the file back, and write what is to "
        "change as a next migration."
    )


def test_no_migration_that_was_released_is_gone():
    assert listed().keys() == {f"versions/{file.name}" for file in MIGRATIONS}
