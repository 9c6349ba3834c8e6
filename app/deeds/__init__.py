"""Deeds (实事): what was done in projects and confirmed, each once whoever took part, and what came of them."""
