"""Proposals (提案) and their life cycle."""
