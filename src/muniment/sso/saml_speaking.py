"""A connection that speaks SAML: its addresses, its way to the provider, and what comes back."""

from typing import TYPE_CHECKING

from django.conf import settings

from muniment.core.clock import now
from muniment.crypto.fields import open_field
from muniment.sso.attributes import email_in, groups_in, name_in
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.saml.errors import AssertionRefusedError
from muniment.sso.saml.metadata import our_metadata
from muniment.sso.saml.request import SignInRequest, request_by_form, request_by_redirect
from muniment.sso.saml.response import read_response
from muniment.sso.saml.types import TRANSIENT, Expected, Form, OurKey
from muniment.sso.types import Leading, Statement

if TYPE_CHECKING:
    from muniment.sso.models import Connection

TABLE, KEY = "sso_samlprovider", "signing and decryption"


def entity_id(connection: str) -> str:
    return _address(connection, "metadata")


def acs_url(connection: str) -> str:
    return _address(connection, "acs")


def sls_url(connection: str) -> str:
    return _address(connection, "logout")


def metadata_of(connection: "Connection") -> bytes:
    """What the provider has to know of us, signed."""
    own = connection.pk
    return our_metadata(entity_id=entity_id(own), acs_url=acs_url(own), sls_url=sls_url(own), key=our_key(connection))


def our_key(connection: "Connection") -> OurKey:
    saml = connection.saml
    sealed = bytes(saml.our_sealed_key)
    private = open_field(sealed, team=connection.team_id, table=TABLE, row=connection.pk, purpose=KEY)
    return OurKey(private, saml.our_certificate)


def lead_to_saml(connection: "Connection", *, key: str, fresh: bool) -> tuple[Leading, dict[str, str]]:
    """Where the browser goes, and what is kept until it comes back. `key` comes back with it."""
    saml = connection.saml
    asked = SignInRequest(
        entity_id=entity_id(connection.pk),
        acs_url=acs_url(connection.pk),
        destination=saml.sso_redirect or saml.sso_post,
        force=fresh,
    )
    speak = request_by_redirect if saml.sso_redirect else request_by_form
    sent = speak(asked, key=our_key(connection), now=now(), relay_state=key)
    return Leading(sent.address, sent.fields if isinstance(sent, Form) else {}), {"request": sent.id}


def statement_by_saml(connection: "Connection", message: str, *, request_id: str | None) -> Statement:
    """`request_id`: of the request that is answered; None where the provider began. Raises NotLetInError."""
    saml = connection.saml
    expected = Expected(
        entity_id=entity_id(connection.pk),
        acs_url=acs_url(connection.pk),
        provider=saml.entity_id,
        certificates=tuple(saml.certificates),
        request_id=request_id,
        private_key=our_key(connection).private,
    )
    try:
        said = read_response(message, expected=expected, now=now())
    except AssertionRefusedError as error:
        raise NotLetInError(Refused.PROTOCOL, error, detail=error.reason) from None
    if said.name_id_format == TRANSIENT:
        raise NotLetInError(
            Refused.TRANSIENT,
            "The provider gives you another name each time, so that nobody here can know you again. Your administrator "
            "sets its Name ID to persistent or to the e-mail address.",
        )
    return Statement(
        subject=said.name_id,
        email=email_in(said.attributes, named=connection.email_attribute, name_id=said.name_id),
        email_verified=True,
        name=name_in(said.attributes, named=connection.name_attribute),
        groups=groups_in(said.attributes, named=connection.groups_attribute),
        attributes=said.attributes,
        once=said.assertion_id,
        once_until=said.valid_until,
        until=said.session_not_on_or_after,
        verified_at=said.authn_instant,
        session_index=said.session_index,
        name_id_format=said.name_id_format,
    )


def _address(connection: str, what: str) -> str:
    return f"{settings.MUNIMENT_BASE_URL.origin}/sso/saml/{connection}/{what}"
