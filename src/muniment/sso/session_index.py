"""By what name a provider knows a session (SAML core 2.7.2; `sid`, OpenID Connect Back-Channel Logout 1.0), kept to be
compared with what a sign-out names.

The standards set no length. What is longer than its column is kept as a digest: cut, it would be no name that a
"""

import hashlib

LONGEST = 255  # characters
_DIGEST = "sha256:"


def kept_index(index: str) -> str:
    return index if len(index) <= LONGEST else _DIGEST + hashlib.sha256(index.encode()).hexdigest()


def told_index(kept: str) -> str:
    """What the provider is told when we sign somebody out there; empty where it cannot be said any more: then all
    sessions of the person are meant (SAML core 3.7.1).
    """
    return "" if kept.startswith(_DIGEST) else kept
