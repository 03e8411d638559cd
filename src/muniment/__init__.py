"""Private AI agents that answer from your documents, with exact citations, out of encrypted silos."""

__version__ = "0.1.0"
