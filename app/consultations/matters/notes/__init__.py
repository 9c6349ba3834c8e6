"""Notes of visits and research that prepare a matter, and of visits afterwards; a member's are duty."""
