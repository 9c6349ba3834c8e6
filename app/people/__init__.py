"""Organizations, terms, sectors, committees, persons, seats and units."""
