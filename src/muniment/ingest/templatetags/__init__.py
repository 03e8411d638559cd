"""Filters for pages about documents."""
