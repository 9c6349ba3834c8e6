"""What the garbage collector need not look at.

Code, routes and tables are 385,000 objects that live as long as the process. Collections while they were loaded took a
third of the CPU of a start; later a full collection took 0.3 s to walk them, during which no other thread ran, so that
members waited whenever a job in the process made enough objects.
"""

import gc


def begin_loading() -> None:
    """Collect nothing until `end_loading`."""
    gc.disable()


def end_loading() -> None:
    """Collect garbage from now on, and leave out of it what is loaded by now."""
    gc.freeze()
    gc.enable()
