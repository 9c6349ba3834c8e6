"""What members share and say to each other."""
