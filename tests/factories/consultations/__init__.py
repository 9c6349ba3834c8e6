"""Venues and matters for tests."""
