"""Heat and leaderboards, computed from the ledger."""
