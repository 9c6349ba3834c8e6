"""What is shipped: the wheel holds everything that a checkout runs on."""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent


def shipped(folder: Path, installed: str) -> set[str]:
    files = (it for it in folder.rglob("*") if it.is_file() and "__pycache__" not in it.parts)
    return {f"{installed}/{it.relative_to(folder).as_posix()}" for it in files}


def test_the_wheel_holds_the_package_its_data_and_the_migrations(tmp_path: Path):
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))

    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = shipped(ROOT / "app", "app") | shipped(ROOT / "alembic", "app/_alembic")
    assert expected <= held
    assert any(name.startswith("app/_alembic/versions/") for name in held)
    assert not [name for name in held if not name.startswith(("app/", "lvyi-"))]
