"""Snapshots of the data to a target, and the way back that never revives what was erased.

The keyring and the erasure ledger are never part of a snapshot: a target holds one current copy of each, rewritten at
every change (crypto.mirrors). The root key is in no backup at all: it comes back from the printed recovery kit.
"""
