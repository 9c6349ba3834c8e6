"""Acts that several do at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once(*acts):
    """The answers of acts that start together."""
    barrier = Barrier(len(acts))

    def go(act):
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))
