"""What is known of deeds, as data."""

#: The kind of duty of what is done in projects.
DEED = "service.rendered"
