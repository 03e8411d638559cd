"""The sealed store of one agent. Knows a silo's id, never an agent or a person.

Promises: a record is sealed under its own key before it reaches an engine; what was destroyed is in no page, no free
page and no WAL of the file; a silo's write and its audit event commit together; one corrupted silo harms no other.
"""
