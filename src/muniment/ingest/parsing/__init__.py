"""Bytes of a file become text with exact places. Runs inside the sandbox only: these modules meet hostile bytes."""
