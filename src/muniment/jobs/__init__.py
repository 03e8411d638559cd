"""Durable background work and schedules, in the control plane: a kill loses nothing."""
