"""Cities for tests: the circle, topics and what is said in them."""
