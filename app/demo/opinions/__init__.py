"""Opinion reports and leads."""
