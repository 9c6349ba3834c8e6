"""Consultations (有事来协商): where they are held."""
