"""The book of speeches."""
