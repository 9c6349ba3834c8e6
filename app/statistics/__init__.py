"""Statistics: what the units make of proposals, and what a leader looks at first."""
