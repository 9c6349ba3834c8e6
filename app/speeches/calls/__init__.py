"""Calls for speeches: opened for a plenary session, closed, published."""
