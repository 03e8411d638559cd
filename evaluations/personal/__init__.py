"""Texts of our own with marked names, and identifiers made by their own rules."""
