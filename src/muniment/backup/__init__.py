"""Snapshots of data to a target, and the way back that never revives what was erased."""
