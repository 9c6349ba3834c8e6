"""Who has a thing open just now."""
