"""Run uv: the one on PATH, else one put into .cache/uv by pip or, without pip, straight from the index.

Usage: `python3 scripts/uv.py ARGUMENTS OF UV`. Needs only the standard library of Python 3.8 or newer, writes
the program into the project only, and asks the index that pip would ask.
"""

import configparser
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "uv"
OURS = FOLDER / "bin" / "uv"
OLDEST = (0, 8)  # as [tool.uv] required-version in pyproject.toml


def say(text: str) -> None:
    """A line for whoever watches the setup."""
    print(f"uv: {text}", file=sys.stderr, flush=True)


def usable(program: "str | Path | None") -> bool:
    """Whether `program` is a uv that runs here and is young enough for our lock file."""
    if not program or not Path(program).exists():
        return False
    answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST


def by_pip() -> None:
    """`--target` is allowed on an externally managed Python and needs no venv module."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        say("this Python has no pip")
        return
    say(f"installing it with pip into {FOLDER}")
    wanted = f"uv>={OLDEST[0]}.{OLDEST[1]}"
    options = ["--quiet", "--upgrade", "--only-binary=:all:", "--target", str(FOLDER)]
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    subprocess.run([*pip, "install", *options, wanted], check=False, env={**os.environ, **quiet})


def index() -> str:
    """The package index pip is told to use, from its variable or its files."""
    named = os.environ.get("PIP_INDEX_URL")
    files = [
        "/etc/pip.conf",
        "~/.pip/pip.conf",
        "~/.config/pip/pip.conf",
        os.environ.get("PIP_CONFIG_FILE", ""),
    ]
    settings = configparser.RawConfigParser()
    settings.read([Path(file).expanduser() for file in files if file])
    if not named:
        named = str(settings.get("global", "index-url", fallback="https://pypi.org/simple"))
    return named.rstrip("/") + "/"


def by_hand() -> None:
    """A wheel is a zip file: take the newest for this machine, check its digest, keep the program."""
    page = urljoin(index(), "uv/")
    say(f"fetching its wheel from {page}")
    with urllib.request.urlopen(page, timeout=60) as answer:
        links = re.findall(r'href="([^"]+)"', answer.read().decode())
    name = re.compile(
        r"/uv-(\d+)\.(\d+)\.(\d+)-py3-none-\S*linux\S*" + platform.machine() + r"\S*\.whl#sha256=(\w+)$"
    )
    wheels = [
        (tuple(map(int, found.group(1, 2, 3))), link, found[4])
        for link in links
        if (found := name.search(link))
    ]
    if not wheels:
        say(f"no wheel for {platform.system()} on {platform.machine()}")
        return
    _, link, digest = max(wheels)  # of two builds of one version the musl one: static, it runs on any Linux
    with urllib.request.urlopen(urljoin(page, link), timeout=300) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != digest:
        say(f"{link} is damaged: its digest is wrong")
        return
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = next(entry for entry in archive.namelist() if entry.endswith(".data/scripts/uv"))
        OURS.parent.mkdir(parents=True, exist_ok=True)
        unfinished = OURS.with_suffix(".part")
        unfinished.write_bytes(archive.read(program))
        unfinished.chmod(0o755)
        unfinished.replace(OURS)


def find() -> "str | None":
    """A usable uv, installed if need be."""
    on_path = shutil.which("uv")
    for found in (on_path, OURS):
        if usable(found):
            return str(found)
    say(f"{on_path} is broken or older than {OLDEST[0]}.{OLDEST[1]}" if on_path else "not on PATH")
    for install in (by_pip, by_hand):
        try:
            install()
        except OSError as error:
            say(f"{type(error).__name__}: {error}")
        if usable(OURS):
            return str(OURS)
    return None


if __name__ == "__main__":
    uv = find()
    if uv is None:
        sys.exit(
            "uv could not be installed: install it by hand (https://docs.astral.sh/uv/) and start again."
        )
    os.execv(uv, [uv, *sys.argv[1:]])
