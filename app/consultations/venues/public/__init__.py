"""The public page of a venue, which everybody may read who scans the code at its door."""
