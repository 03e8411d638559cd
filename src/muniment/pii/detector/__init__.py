"""One process of an installation looks for personal data, for its server, its workers and its commands: the model is
loaded once. Each request is a connection of its own; whoever closes it has the work ended at the next window.
"""
