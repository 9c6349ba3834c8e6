"""Persons who are in the roster twice, perhaps."""
