"""How a matter comes in."""
