"""Members of bodies: who belongs to one, from which day until which."""
