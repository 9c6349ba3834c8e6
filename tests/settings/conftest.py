"""Settings are tested with logins too."""

from tests.auth.conftest import door

__all__ = ["door"]
