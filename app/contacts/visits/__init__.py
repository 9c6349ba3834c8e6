"""Visits (走访): logged by members, each with its record of duty."""
