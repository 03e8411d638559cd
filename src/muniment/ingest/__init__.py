"""Documents in: bytes become text with exact places, inside a sandbox, and then chunks."""
