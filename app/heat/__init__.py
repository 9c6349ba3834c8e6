"""Heat (热力) and its leaderboards, computed from the ledger, replies and supports."""
