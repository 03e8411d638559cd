"""Models: what turns text into vectors on this machine, and what goes on with a chat, here or elsewhere."""
