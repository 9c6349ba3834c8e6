"""The end of a proposal: what waits for staff keeps it from ending, what waits for others ends with it."""
