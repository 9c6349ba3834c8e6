"""What is known of deeds, as data."""

from typing import Final

#: The kind of duty of what is done in projects.
DEED: Final = "service.rendered"
