"""What owners do with their team's connections. Offered by `services`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from muniment.accounts.services import sign_out_of_team
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.crypto.fields import seal_field
from muniment.sso import events, oidc_speaking, saml_speaking
from muniment.sso.chat_users import end_chat_sessions, forget_chat_users
from muniment.sso.errors import ConnectionSetUpError
from muniment.sso.models import Connection, Identity, OidcProvider, SamlProvider
from muniment.sso.oidc.discovery import discover
from muniment.sso.patience import ONE, asking
from muniment.sso.policies import require_update
from muniment.sso.saml.certificates import make_key_pair
from muniment.sso.selectors import connection_of, connections_of, people_of
from muniment.sso.types import LONGEST_NAME, Protocol
from muniment.sso.visits import end_visits
from muniment.teams.selectors import opens_by_provider_only, proven_domains

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 20  # connections of a team


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """A connection as somebody wants it. `domains`: of those the team has proven; none: all. The attributes' names may
    be empty: then the usual ones are looked for.
    """

    name: str
    domains: Sequence[str] = ()
    email_attribute: str = ""
    name_attribute: str = ""
    groups_attribute: str = ""
    lets_provider_begin: bool = False


@dataclass(frozen=True, slots=True)
class OidcDraft:
    """`secret`: None leaves the one that is there; empty removes it. `signs_out_by_form`: not by a link."""

    issuer: str
    client_id: str
    secret: str | None
    client_auth: str = ""
    scopes: str = ""
    signs_out_by_form: bool = False


def create_connection(*, actor: Actor, protocol: Protocol, name: str) -> Connection:
    """Off, with a key of its own, until its provider is set. Raises ConnectionSetUpError, PermissionDeniedError."""
    team = require_update(actor)
    if connections_of(actor).count() >= _MOST:
        raise ConnectionSetUpError(
            "A team has {limit} connections at most. Delete one that is not needed.", limit=_MOST
        )
    made = Connection(team_id=team, protocol=protocol, name=_name(name))
    provider = OidcProvider(connection=made) if protocol is Protocol.OIDC else _saml_with_key(made)
    with transaction.atomic():
        _save(made)
        provider.save(force_insert=True)
        record(kind=events.CONNECTION_CREATED, actor=actor, subject=made.pk, team=team, facts={"protocol": protocol})
    return made


def update_connection(*, actor: Actor, connection: str, draft: ConnectionDraft) -> Connection:
    """Raises ConnectionSetUpError."""
    team = require_update(actor)
    found = connection_of(actor, connection)
    if not set(draft.domains) <= proven_domains(team):
        raise ConnectionSetUpError("Choose among the domains that your team has proven.", field="domains")
    found.name, found.domains = _name(draft.name), sorted(draft.domains)
    for field in ("email_attribute", "name_attribute", "groups_attribute"):
        setattr(found, field, one_line(getattr(draft, field))[:255])
    with transaction.atomic():
        _save(found)
        if found.protocol == Protocol.SAML:
            found.saml.lets_provider_begin = draft.lets_provider_begin
            found.saml.save(update_fields=["lets_provider_begin"])
        _note_update(actor, found)
    return found


def set_oidc(*, actor: Actor, connection: str, draft: OidcDraft) -> None:
    """Asks the provider what it publishes; only one that answers is taken. Raises ConnectionSetUpError, and what
    `oidc.discovery.discover` raises.

    Attack stopped: who may change the address points it at a server of his own, to be sent the secret. It opens for the
    provider and the client it was typed for; for another it has to be typed anew.
    """
    require_update(actor)
    found = connection_of(actor, connection)
    oidc = _of(found, Protocol.OIDC)
    issuer, client_id = draft.issuer.strip(), draft.client_id.strip()
    moved = (issuer, client_id) != (oidc.issuer, oidc.client_id)
    if draft.secret is None and oidc.sealed_secret is not None and moved:
        raise ConnectionSetUpError(
            "The secret was typed for another provider or client. Type it again, so that it may be sent there.",
            field="secret",
        )
    if not client_id:
        raise ConnectionSetUpError("The provider knows this server by a client ID. Type it.", field="client_id")
    with asking(found.pk, ONE):
        discovered = discover(issuer, actor=actor)
    oidc.issuer, oidc.client_id, oidc.client_auth = issuer, client_id[:255], draft.client_auth
    oidc.scopes, oidc.keys, oidc.keys_at = one_line(draft.scopes)[:500], None, None
    oidc.signs_out_by_form = draft.signs_out_by_form
    if draft.secret is not None:
        purpose = oidc_speaking.purpose_of(issuer, oidc.client_id)
        place = {"team": found.team_id, "table": oidc_speaking.TABLE, "row": found.pk, "purpose": purpose}
        oidc.sealed_secret = seal_field(draft.secret.strip(), **place) if draft.secret.strip() else None
    with transaction.atomic():
        was = OidcProvider.objects.get(pk=oidc.pk)  # the provider may have taken its time, and another owner acted
        oidc.save()
        oidc_speaking.keep_discovered(oidc, discovered)
        if (was.issuer, was.client_id) != (oidc.issuer, oidc.client_id):
            _forget_people(found)
        _note_update(actor, found)


def switch_connection(*, actor: Actor, connection: str, on: bool) -> None:
    """Off: nobody comes in by it, and who came by it is signed out. Raises ConnectionSetUpError."""
    team = require_update(actor)
    found = connection_of(actor, connection)
    if on and not is_complete(found):
        raise ConnectionSetUpError("Set up the provider first: there is nobody to ask yet.")
    if not on:
        _require_another_way(found)
    with transaction.atomic():
        Connection.objects.filter(pk=found.pk).update(is_on=on)
        ended = 0 if on else end_visits(found)
        record(
            kind=events.CONNECTION_SWITCHED,
            actor=actor,
            subject=found.pk,
            team=team,
            facts={"on": on, "sessions": ended},
        )


def delete_connection(*, actor: Actor, connection: str) -> None:
    """Its people stay members; who has no password sets one by the link on the sign-in page. Its chat users, and what
    they asked, are forgotten.
    """
    team = require_update(actor)
    found = connection_of(actor, connection)
    _require_another_way(found)
    with transaction.atomic():
        facts = {"people": Identity.objects.filter(connection=found).count(), "sessions": end_visits(found)}
        record(kind=events.CONNECTION_DELETED, actor=actor, subject=found.pk, team=team, facts=facts)
        forget_chat_users(found)
        found.delete()


def unlink_person(*, actor: Actor, connection: str, identity: int) -> None:
    """Who comes next with the address of this person, may be linked anew. Ends the sessions that came by it."""
    team = require_update(actor)
    found = people_of(actor, connection_of(actor, connection)).filter(pk=identity).first()
    if found is None:
        raise ConnectionSetUpError("This person is not linked any more.")
    with transaction.atomic():
        facts = {"sessions": sign_out_of_team(team=team, user=found.user)}
        record(kind=events.PERSON_UNLINKED, actor=actor, subject=found.user.ref, team=team, facts=facts)
        end_chat_sessions(found.connection, chat_user__subject=found.subject)
        found.delete()


def is_complete(connection: Connection) -> bool:
    """Whether it says enough for somebody to be sent to the provider."""
    if connection.protocol == Protocol.OIDC:
        return bool(connection.oidc.discovered)
    saml = connection.saml
    return bool(saml.entity_id and saml.certificates and (saml.sso_redirect or saml.sso_post))


def told_to_provider(connection: Connection) -> dict[str, str]:
    """What its administrator enters there, by names that providers use."""
    if connection.protocol == Protocol.OIDC:
        return {
            "redirect_uri": oidc_speaking.callback_url(connection.pk),
            "post_logout_redirect_uri": oidc_speaking.signed_out_url(connection.pk),
            "backchannel_logout_uri": oidc_speaking.backchannel_logout_url(connection.pk),
        }
    return {
        "acs_url": saml_speaking.acs_url(connection.pk),
        "entity_id": saml_speaking.entity_id(connection.pk),
        "logout_url": saml_speaking.sls_url(connection.pk),
    }


def store_saml(connection: Connection, fields: "Mapping[str, Any]") -> SamlProvider:
    """Within the caller's transaction, for `metadata`. Who was known by another provider is known no more.

    Attack stopped: the connection is pointed at another provider, which names its people as the first named ours.
    """
    saml: SamlProvider = _of(connection, Protocol.SAML)
    saml.refresh_from_db()  # the document may have been long on its way here
    moved = bool(saml.entity_id) and saml.entity_id != fields["entity_id"]
    for name, value in fields.items():
        setattr(saml, name, value)
    saml.save()
    if moved:
        _forget_people(connection)
    return saml


def _forget_people(connection: Connection) -> None:
    end_visits(connection)
    forget_chat_users(connection)
    Identity.objects.filter(connection=connection).delete()


def _require_another_way(connection: Connection) -> None:
    """Attack stopped: the last way in is taken away in a moment of haste, and a team is left with its two break-glass
    owners.
    """
    others = Connection.objects.filter(team=connection.team_id, is_on=True).exclude(pk=connection.pk)
    if connection.is_on and opens_by_provider_only(connection.team_id) and not others.exists():
        raise ConnectionSetUpError(
            "Your team is opened by its provider only, and this is the one that is on. Let e-mail and password open it "
            "again first."
        )


def _saml_with_key(connection: Connection) -> SamlProvider:
    private, certificate = make_key_pair(f"Muniment {connection.pk}")
    place = {"team": connection.team_id, "table": saml_speaking.TABLE, "row": connection.pk}
    sealed = seal_field(private, **place, purpose=saml_speaking.KEY)
    return SamlProvider(connection=connection, our_certificate=certificate, our_sealed_key=sealed)


def _of(connection: Connection, protocol: Protocol) -> Any:
    if connection.protocol != protocol:
        raise ConnectionSetUpError("This connection speaks another protocol. Make a new one.")
    return connection.oidc if protocol is Protocol.OIDC else connection.saml


def _name(written: str) -> str:
    name = one_line(written)
    if not 0 < len(name) <= LONGEST_NAME:
        raise ConnectionSetUpError("Name it, in up to {limit} characters.", limit=LONGEST_NAME, field="name")
    return name


def _save(connection: Connection) -> None:
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError:
        raise ConnectionSetUpError("Your team has a connection of this name. Choose another.", field="name") from None


def _note_update(actor: Actor, connection: Connection) -> None:
    facts = {"protocol": Protocol(connection.protocol)}
    record(kind=events.CONNECTION_UPDATED, actor=actor, subject=connection.pk, team=connection.team_id, facts=facts)
