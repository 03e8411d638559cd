"""Organisations: members, roles, permissions. The tenant."""
