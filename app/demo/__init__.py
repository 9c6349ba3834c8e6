"""A generated demo city."""
