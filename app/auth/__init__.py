"""Accounts, sessions, tokens and permissions; the only importer of jose."""
