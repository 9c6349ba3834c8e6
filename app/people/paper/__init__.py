"""What members and bodies hand in on paper, and staff enter for them (机关代录)."""
