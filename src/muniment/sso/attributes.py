"""What a provider says of a person, found under the names that providers use.

Names as in the claims of Microsoft Entra and AD FS, in LDAP (RFC 2798, RFC 4519) and eduPerson, each also by its OID as
Shibboleth and SimpleSAMLphp send it.
"""

from collections.abc import Mapping, Sequence

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_EMAIL = (
    "email",
    "mail",
    "emailAddress",
    "Email",
    f"{_CLAIMS}emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",  # RFC 2985; what Keycloak's mapper "X500 email" sends
)
_NAME = (
    "displayName",
    "name",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "cn",
    "urn:oid:2.5.4.3",
)
_FIRST = ("firstName", "givenName", "first_name", f"{_CLAIMS}givenname", "urn:oid:2.5.4.42")
_LAST = ("lastName", "surname", "sn", "last_name", f"{_CLAIMS}surname", "urn:oid:2.5.4.4")
_GROUPS = (
    "groups",
    "Groups",
    "memberOf",
    "isMemberOf",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
    "http://schemas.xmlsoap.org/claims/Group",
    "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
)

Attributes = Mapping[str, tuple[str, ...]]


def email_in(attributes: Attributes, *, named: str, name_id: str) -> str:
    """`named`: the attribute that was set for it, and then no other. Else the usual ones, and then the name id."""
    if named:
        return _first(attributes, (named,))
    return _first(attributes, _EMAIL) or (name_id.strip() if "@" in name_id else "")


def name_in(attributes: Attributes, *, named: str) -> str:
    if named:
        return _first(attributes, (named,))
    parts = (_first(attributes, _FIRST), _first(attributes, _LAST))
    return _first(attributes, _NAME) or " ".join(filter(None, parts))


def groups_in(attributes: Attributes, *, named: str) -> tuple[str, ...] | None:
    """None where the provider says nothing of groups."""
    found = [name for name in ((named,) if named else _GROUPS) if name in attributes]
    return attributes[found[0]] if found else None


def _first(attributes: Attributes, names: Sequence[str]) -> str:
    return next((attributes[name][0].strip() for name in names if attributes.get(name)), "")
