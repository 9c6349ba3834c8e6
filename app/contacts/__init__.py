"""Contacts (联系): whom each member looks after, their visits, and who was visited in a year."""
