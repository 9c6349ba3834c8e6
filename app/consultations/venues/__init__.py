"""Venues (议事场所): a tree of places where members meet the public, who is posted there and how often they meet."""
