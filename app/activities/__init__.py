"""Meetings and activities with attendance."""
