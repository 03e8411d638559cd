"""Domains in one spelling."""

import unicodedata
from functools import lru_cache

import idna

from muniment.teams.errors import DomainNameError
from muniment.teams.public_domains import PUBLIC_MAIL, PUBLIC_SUFFIXES

CHALLENGE = "_muniment-challenge"
_LONGEST = 253 - len(f"{CHALLENGE}.")  # so that the name of the record is a name of DNS too (RFC 1035, section 2.3.4)
_EXAMPLE = "It looks like example.org: no address, no @, nothing behind it."


def domain_name(written: str) -> str:
    """In lower case, as A-labels (RFC 5890), without a dot at the end. Raises DomainNameError, also for a domain that
    the public shares: a suffix under which anybody registers, or a provider's at which anybody has a mailbox.
    """
    try:
        name = idna.encode(written.strip().removesuffix("."), uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        raise DomainNameError(f"This is not a domain. {_EXAMPLE}") from None
    if len(name) > _LONGEST or name.endswith(".") or name.rpartition(".")[2].isdecimal():
        raise DomainNameError(f"This is not a domain, or too long for one. {_EXAMPLE}")
    if "." not in name or name in PUBLIC_SUFFIXES:
        raise DomainNameError("Anybody may register names under this one. Add the domain that your team registered.")
    if name in PUBLIC_MAIL:
        raise DomainNameError("Anybody may have a mailbox at this domain, so it cannot be one team's. Add your own.")
    return name


def unicode_name(name: str) -> str:
    """As people write it; empty where that is the same."""
    shown = idna.decode(name)
    return "" if shown == name else shown


def domain_of_address(email: str) -> str:
    """The domain of an e-mail address as `domain_name` spells it; empty for what is no plain address.

    Attack stopped: `mallory@evil.example@example.org`, a full-width letter, a Kelvin sign for a k or a dot of another
    script: one program reads the team's domain there and another does not. Nothing is mapped here but the case.
    """
    local, _, domain = email.partition("@")
    return _as_it_stands(domain) if local else ""


@lru_cache(1024)  # a provider sends thousands of addresses of a few domains
def _as_it_stands(domain: str) -> str:
    try:
        is_plain = unicodedata.is_normalized("NFC", domain)
        return idna.encode(domain.lower(), strict=True).decode("ascii") if is_plain else ""
    except idna.IDNAError:
        return ""
