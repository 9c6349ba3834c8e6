"""How the demo city writes."""
