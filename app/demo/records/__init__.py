"""What is kept and counted: points, claims, bulletins, the library, lineage."""
