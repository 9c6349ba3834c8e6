"""Backup, restore and the move between databases, through one portable archive."""
