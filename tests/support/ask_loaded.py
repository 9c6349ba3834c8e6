"""Asks the loaded process for one that runs some code, and stands for it: its files, signals and exit code."""

import json
import os
import signal
import socket
import sys


def main(where: str, code: str, *words: str) -> None:
    """Ask, pass on signals, end as it ends."""
    passed_on = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)  # until it is known to whom
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(where)
        order = {"code": code, "words": words, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 - pathlib takes longer to load
        said = json.dumps(order).encode()
        socket.send_fds(door, [len(said).to_bytes(8, "big")], [0, 1, 2])
        door.sendall(said)
        pid = int.from_bytes(door.recv(8), "big")
        for number in passed_on:
            signal.signal(number, lambda number, _frame: os.kill(pid, number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
        status = int.from_bytes(door.recv(8) or b"\1", "big", signed=True)
    if status >= 0:
        os._exit(status)
    if -status != signal.SIGKILL:
        signal.signal(-status, signal.SIG_DFL)
    os.kill(os.getpid(), -status)


if __name__ == "__main__":
    main(*sys.argv[1:])
