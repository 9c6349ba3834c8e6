"""What citizens do without a login: hand in a matter, follow and judge it by its code, read what was released."""
