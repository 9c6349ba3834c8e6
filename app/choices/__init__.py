"""Choices (选项): codes with their Chinese labels."""
