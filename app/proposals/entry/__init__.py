"""Proposals on paper, entered by staff for their authors (机关代录)."""
