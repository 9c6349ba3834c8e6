"""Proposals and how units handle them."""
