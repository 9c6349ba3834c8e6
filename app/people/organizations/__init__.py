"""Organizations: the tree that they form, their duty years and their settings."""
