"""Speeches at the plenary session (大会发言): called for, handed in, chosen, put in order, delivered."""
