"""Deadlines that run when the calendar of working days changes."""
