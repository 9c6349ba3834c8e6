"""Threads of replies with support, used by feed, deliberation and reading."""
