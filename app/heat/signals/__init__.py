"""Signals: what looks like pairs, rings and bursts, for staff to look at; nothing follows from them by itself."""
