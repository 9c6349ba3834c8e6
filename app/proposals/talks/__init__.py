"""Talks (面商) of units with the author: the unit records one, the author confirms or disputes it, staff settle."""
