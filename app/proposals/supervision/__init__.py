"""Supervision of key proposals (督办): who looks after them, what was seen, and what happens when a leader leaves."""
