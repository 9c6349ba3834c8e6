"""The demo city itself: its members, its clock, its rows."""
