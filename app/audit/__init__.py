"""The append-only, hash-chained log of what matters for security."""
