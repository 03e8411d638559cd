"""Models: what turns text into vectors, on this machine, without a network. Knows no room above it."""
