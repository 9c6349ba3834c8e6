"""Findings (意见建议): one suggestion from any source, the unit that answers it, and what became of it."""
