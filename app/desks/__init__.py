"""Desks: everything that waits for somebody, in one call."""
