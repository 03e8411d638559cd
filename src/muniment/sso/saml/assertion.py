"""What a verified assertion says, and whether it is meant for us, here and now (core 2.3-2.7, profiles 4.1.4.2-3)."""

from datetime import datetime

from lxml import etree

from muniment.sso.saml.errors import Refusal, SamlError
from muniment.sso.saml.parsing import SAML, text_of
from muniment.sso.saml.times import SKEW, optional_time, read_time, refuse_future, refuse_past
from muniment.sso.saml.types import UNSPECIFIED, Expected, SignedIn

_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_UNDERSTOOD = {f"{SAML}AudienceRestriction", f"{SAML}OneTimeUse", f"{SAML}ProxyRestriction"}


def read_assertion(assertion: etree._Element, expected: Expected, now: datetime) -> SignedIn:
    """`assertion` is an element whose signature, or whose response's signature, was verified. Raises SamlError."""
    if assertion.get("Version") != "2.0":
        raise SamlError(Refusal.SHAPE)
    refuse_other_issuer(assertion, expected.provider)
    refuse_future(read_time(assertion.get("IssueInstant", "")), now)
    ends = _conditions_end(assertion, expected.entity_id, now)
    subject = assertion.find(f"{SAML}Subject")
    if subject is None:
        raise SamlError(Refusal.NAME_ID)
    confirmed = _confirmed_until(subject, expected, now)
    statement = _authn_statement(assertion)
    session_end = optional_time(statement.get("SessionNotOnOrAfter"))
    refuse_past(session_end, now)
    authn_instant = read_time(statement.get("AuthnInstant", ""))
    refuse_future(authn_instant, now)
    name_id = subject.find(f"{SAML}NameID")
    if name_id is None or not text_of(name_id):
        raise SamlError(Refusal.NAME_ID)
    return SignedIn(
        assertion_id=assertion.get("ID", ""),
        name_id=text_of(name_id),
        name_id_format=name_id.get("Format", UNSPECIFIED),
        session_index=statement.get("SessionIndex", ""),
        attributes=_attributes(assertion),
        valid_until=min(confirmed, ends or confirmed) + SKEW,
        session_not_on_or_after=session_end,
        authn_instant=authn_instant,
    )


def refuse_other_issuer(element: etree._Element, provider: str) -> None:
    """Attack stopped: a provider of another team, whose signature is good under its own name, speaks for this one."""
    if text_of(element.find(f"{SAML}Issuer")) != provider:
        raise SamlError(Refusal.ISSUER)


def _conditions_end(assertion: etree._Element, entity_id: str, now: datetime) -> datetime | None:
    """The NotOnOrAfter of the conditions, all of which are met.

    Attack stopped: an assertion that another service was given for the same person is handed in here. Without an
    audience it would be good everywhere, so that one is asked for (profiles, 4.1.4.2); each that is there must hold us.
    """
    conditions = assertion.find(f"{SAML}Conditions")
    if conditions is None:
        raise SamlError(Refusal.AUDIENCE)
    if any(condition.tag not in _UNDERSTOOD for condition in conditions):
        raise SamlError(Refusal.CONDITIONS)  # core 2.5.1: what is not understood is not met
    restrictions = conditions.findall(f"{SAML}AudienceRestriction")
    if not restrictions or not all(
        entity_id in [text_of(audience) for audience in restriction] for restriction in restrictions
    ):
        raise SamlError(Refusal.AUDIENCE)
    ends = optional_time(conditions.get("NotOnOrAfter"))
    refuse_future(optional_time(conditions.get("NotBefore")), now)
    refuse_past(ends, now)
    return ends


def _confirmed_until(subject: etree._Element, expected: Expected, now: datetime) -> datetime:
    """The latest NotOnOrAfter of the bearer confirmations that hold; the refusal of the first if none does."""
    bearers = [found for found in subject.findall(f"{SAML}SubjectConfirmation") if found.get("Method") == _BEARER]
    until: list[datetime] = []
    refused: list[SamlError] = []
    for bearer in bearers:
        try:
            until.append(_bearer_until(bearer, expected, now))
        except SamlError as error:
            refused.append(error)
    if until:
        return max(until)
    raise refused[0] if refused else SamlError(Refusal.CONFIRMATION)


def _bearer_until(bearer: etree._Element, expected: Expected, now: datetime) -> datetime:
    """Attack stopped: assertion injection. An assertion that was got for somebody else, by another sign-in, is put into
    the attacker's own response; only the request's id inside of what is signed tells. It is asked for whether or
    not the response around it names one, and where no request was sent, none may be named.
    """
    data = bearer.find(f"{SAML}SubjectConfirmationData")
    if data is None:
        raise SamlError(Refusal.CONFIRMATION)
    if data.get("Recipient") != expected.acs_url:
        raise SamlError(Refusal.RECIPIENT)
    if data.get("InResponseTo") != expected.request_id:
        raise SamlError(Refusal.REQUEST)
    ends = optional_time(data.get("NotOnOrAfter"))
    if ends is None:
        raise SamlError(Refusal.CONFIRMATION)
    refuse_past(ends, now)
    refuse_future(optional_time(data.get("NotBefore")), now)
    return ends


def _authn_statement(assertion: etree._Element) -> etree._Element:
    statements = assertion.findall(f"{SAML}AuthnStatement")
    if len(statements) != 1:
        raise SamlError(Refusal.AUTHN_STATEMENT)
    return statements[0]


def _attributes(assertion: etree._Element) -> dict[str, tuple[str, ...]]:
    """Names to their values, in order. Values that are elements, or encrypted, are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for attribute in assertion.iterfind(f"{SAML}AttributeStatement/{SAML}Attribute"):
        values = (text_of(value) for value in attribute.iterfind(f"{SAML}AttributeValue"))
        name = attribute.get("Name", "")
        found[name] = (*found.get(name, ()), *(value for value in values if value))
    return found
