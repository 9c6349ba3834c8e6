"""The plenary session, for tests."""
