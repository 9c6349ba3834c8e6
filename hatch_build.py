"""Builds of wheels and source archives carry the built web clients (app/_web)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / "scripts"))


class Clients(BuildHookInterface[Any]):
    """Builds them from a checkout; a source archive holds them already."""

    def dependencies(self) -> list[str]:
        """Node, where the machine has none and the clients are still to be built."""
        if not self.from_checkout():
            return []
        import clients  # noqa: PLC0415 - only a checkout has it

        try:
            clients.npm()
        except clients.NoNode:
            return [clients.NODE_WHEEL]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Called by hatch before it collects the files; an editable install runs from the checkout as it is."""
        if version != "editable" and self.from_checkout():
            import clients  # noqa: PLC0415 - only a checkout has it

            clients.build()

    @staticmethod
    def from_checkout() -> bool:
        """Whether the sources of the clients are here."""
        return (ROOT / "clients").is_dir()
