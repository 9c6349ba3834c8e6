"""Reminders to units (催办)."""
