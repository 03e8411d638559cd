"""Our request to a provider to sign somebody in (core, 3.4.1). It is always signed."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from muniment.sso.saml.bindings import REQUEST
from muniment.sso.saml.messages import by_form, by_redirect, new_message
from muniment.sso.saml.parsing import SAMLP
from muniment.sso.saml.types import POST, Form, OurKey, Redirect


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """`destination` is the provider's address for the binding that is used. `force`: the provider must ask the person
    again, whatever session it has (for acts that are confirmed; compare `SignedIn.authn_instant` afterwards).
    """

    entity_id: str
    acs_url: str
    destination: str
    force: bool = False
    name_id_format: str = ""
    """One of the formats in `types`; empty leaves it to the provider."""


def request_by_redirect(asked: SignInRequest, *, key: OurKey, now: datetime, relay_state: str = "") -> Redirect:
    """The caller keeps `id` with the browser's session, and gives it to `read_response`."""
    return by_redirect(_message(asked, now), field=REQUEST, key=key, relay_state=relay_state)


def request_by_form(asked: SignInRequest, *, key: OurKey, now: datetime, relay_state: str = "") -> Form:
    """As `request_by_redirect`, for providers that take posted requests only."""
    return by_form(_message(asked, now), field=REQUEST, key=key, relay_state=relay_state)


def _message(asked: SignInRequest, now: datetime) -> etree._Element:
    message = new_message("AuthnRequest", issuer=asked.entity_id, destination=asked.destination, now=now)
    message.set("AssertionConsumerServiceURL", asked.acs_url)
    message.set("ProtocolBinding", POST)
    if asked.force:
        message.set("ForceAuthn", "true")
    policy = etree.SubElement(message, f"{SAMLP}NameIDPolicy", AllowCreate="true")
    if asked.name_id_format:
        policy.set("Format", asked.name_id_format)
    return message
