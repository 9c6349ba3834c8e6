"""Find: one call over all domains for the command palette."""
