"""What all messages that we send have in common (core, 3.2.1-2)."""

from datetime import datetime

from lxml import etree

from muniment.core.ids import new_id
from muniment.sso.saml.bindings import form_fields, redirect_address
from muniment.sso.saml.parsing import SAML, SAMLP
from muniment.sso.saml.signatures import sign
from muniment.sso.saml.times import write_time
from muniment.sso.saml.types import Form, OurKey, Redirect

_PREFIXES = {"samlp": SAMLP[1:-1], "saml": SAML[1:-1]}


def new_message(kind: str, *, issuer: str, destination: str, now: datetime) -> etree._Element:
    """An element of the protocol, such as "AuthnRequest", with an id of its own and its issuer. The id is an xs:ID,
    which may not begin with a digit, and has 128 random bits.
    """
    message = etree.Element(f"{SAMLP}{kind}", nsmap=_PREFIXES)
    message.set("ID", f"_{new_id()}")
    message.set("Version", "2.0")
    message.set("IssueInstant", write_time(now))
    message.set("Destination", destination)
    etree.SubElement(message, f"{SAML}Issuer").text = issuer
    return message


def by_redirect(message: etree._Element, *, field: str, key: OurKey, relay_state: str) -> Redirect:
    address = redirect_address(
        message,
        address=message.get("Destination", ""),
        field=field,
        private_key=key.private,
        relay_state=relay_state,
    )
    return Redirect(message.get("ID", ""), address)


def by_form(message: etree._Element, *, field: str, key: OurKey, relay_state: str) -> Form:
    sign(message, key=key.private, certificate=key.certificate, position=1)  # after the issuer, as the schema orders
    fields = form_fields(message, field=field, relay_state=relay_state)
    return Form(message.get("ID", ""), message.get("Destination", ""), fields)
