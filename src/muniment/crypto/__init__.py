"""Sealing and keys. Knows bytes, never a row: which key seals what is decided by the rooms above.

Promises: what is sealed opens only under its own key and in its own place; a key is durable before `create` returns;
its destruction is durable before `destroy` returns, in this keyring and in every reachable mirror of it.
"""
