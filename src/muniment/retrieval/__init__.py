"""Passages out: sealed segments of postings and vectors, searched in memory."""
