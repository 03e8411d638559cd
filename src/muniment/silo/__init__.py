"""The sealed store of one agent. Knows a silo's id, never an agent or a person."""
