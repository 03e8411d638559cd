"""Addresses, in and out: what the server listens on, and the one guarded way to anything else."""
