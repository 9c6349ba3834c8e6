"""What all threads share of queries is whole before the first request."""

import subprocess

from tests.support.loaded import python

#: Imports all of the application, and prints every alias with whether its columns are made.
ALIASES = """
import gc, importlib, pkgutil
from sqlalchemy import Alias
import app
for module in pkgutil.walk_packages(app.__path__, "app."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
gc.unfreeze()  # else what was loaded before is not among the objects
for found in gc.get_objects():
    if isinstance(found, Alias):
        print("made" if "_columns" in found.__dict__ else "later", found.name)
"""


def test_every_alias_of_a_module_has_its_columns():
    done = subprocess.run(python(ALIASES), capture_output=True, text=True, check=True)
    found = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert ["made", "shared"] in found
    assert [name for when, name in found if when == "later"] == [], "use app.core.sql.alias"
