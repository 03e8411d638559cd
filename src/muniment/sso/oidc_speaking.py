"""A connection that speaks OpenID Connect: its address, its way to the provider, and what comes back.

What the provider publishes of itself is read anew each day, its keys also when a token names one that is not known.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from muniment.core.clock import now
from muniment.core.errors import MunimentError
from muniment.crypto.fields import open_field
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.models import OidcProvider
from muniment.sso.oidc.discovery import ClientAuth, Provider, discover
from muniment.sso.oidc.errors import SignInRefusedError
from muniment.sso.oidc.id_token import SignedIn, check_id_token
from muniment.sso.oidc.keys import Keys, KeySet
from muniment.sso.oidc.request import SCOPES, Begun, begin, take_answer
from muniment.sso.oidc.tokens import Credentials, exchange_code
from muniment.sso.oidc.userinfo import fetch_userinfo
from muniment.sso.patience import ONE, asking
from muniment.sso.types import Leading, Statement

if TYPE_CHECKING:
    from muniment.core.actors import Actor
    from muniment.sso.models import Connection

TABLE = "sso_oidcprovider"
_DISCOVERED_FOR = timedelta(days=1)
_LONGEST_SHOWN = 255  # characters of a claim


def callback_url(connection: str) -> str:
    return _address(connection, "callback")


def signed_out_url(connection: str) -> str:
    return _address(connection, "signed-out")


def backchannel_logout_url(connection: str) -> str:
    return _address(connection, "backchannel-logout")


def purpose_of(issuer: str, client_id: str) -> str:
    """A secret opens for the provider it was typed for, and for no other that somebody puts in its place."""
    return f"client secret of {client_id} at {issuer}"


def provider_of(connection: "Connection", *, actor: "Actor") -> Provider:
    """As it was discovered in the last day, else anew. Raises what `discover` raises."""
    oidc, known = connection.oidc, known_provider(connection)
    known_at: datetime | None = oidc.discovered_at
    if known and known_at and now() - known_at < _DISCOVERED_FOR:
        return known
    with asking(connection.pk, ONE):
        found = discover(oidc.issuer, actor=actor)
    keep_discovered(oidc, found)
    return found


def known_provider(connection: "Connection") -> Provider | None:
    """As it was discovered last, however long ago: for what must not wait for it. None where it never was."""
    oidc = connection.oidc
    return _read(oidc.discovered) if oidc.discovered and oidc.discovered["issuer"] == oidc.issuer else None


def keep_discovered(oidc: OidcProvider, found: Provider) -> None:
    sets = {"algorithms": sorted(found.algorithms), "client_auth": sorted(found.client_auth)}
    _keep(oidc, discovered=asdict(found) | sets, discovered_at=now())


def lead_to_oidc(
    connection: "Connection", *, actor: "Actor", fresh: bool, login_hint: str
) -> tuple[Leading, str, dict[str, str]]:
    """Where the browser goes, the key that comes back with it, and what is kept until then."""
    oidc = connection.oidc
    begun = begin(
        provider_of(connection, actor=actor),
        oidc.client_id,
        callback_url(connection.pk),
        scopes=[*SCOPES, *oidc.scopes.split()],
        fresh=fresh,
        login_hint=login_hint,
    )
    kept = {
        "issuer": begun.issuer,
        "names_itself": "yes" if begun.names_itself else "",
        "begun_at": begun.begun_at.isoformat(),
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "fresh": "yes" if fresh else "",
    }
    return Leading(begun.address), begun.state, kept


def statement_by_oidc(
    connection: "Connection", query: str, *, key: str, kept: dict[str, str], actor: "Actor"
) -> Statement:
    """What the provider says of who came back with this query string. Raises NotLetInError."""
    begun = Begun(
        address="",
        issuer=kept["issuer"],
        names_itself=bool(kept["names_itself"]),
        redirect_uri=callback_url(connection.pk),
        begun_at=datetime.fromisoformat(kept["begun_at"]),
        state=key,
        nonce=kept["nonce"],
        verifier=kept["verifier"],
    )
    try:
        return _statement(_signed_in(connection, query, begun, fresh=bool(kept["fresh"]), actor=actor))
    except SignInRefusedError as error:
        raise NotLetInError(Refused.PROTOCOL, error, detail=error.reason) from None
    except MunimentError as error:  # the provider does not answer, or not as it should
        raise NotLetInError(Refused.PROTOCOL, error) from None


def _signed_in(connection: "Connection", query: str, begun: Begun, *, fresh: bool, actor: "Actor") -> SignedIn:
    oidc, code = connection.oidc, take_answer(query, begun)
    provider = provider_of(connection, actor=actor)
    if provider.issuer != begun.issuer:  # the connection was pointed elsewhere meanwhile: the code is not for there
        raise NotLetInError(Refused.OFF, "This connection was changed a moment ago. Begin again at the sign-in page.")
    tokens = exchange_code(code, begun=begun, provider=provider, credentials=credentials(connection), actor=actor)
    keys = Keys(provider, actor=actor, known=known_keys(oidc))
    groups = connection.groups_attribute or "groups"
    said = check_id_token(
        tokens.id_token,
        provider=provider,
        client_id=oidc.client_id,
        nonce=begun.nonce,
        keys=keys,
        access_token=tokens.access_token,
        fresh_since=begun.begun_at if fresh else None,
        groups_claim=groups,
    )
    keep_keys(oidc, keys.known)
    # Some put the address into the id token, and say of it in userinfo alone that it is verified.
    if not said.email_verified and provider.userinfo_endpoint and tokens.access_token:
        token = tokens.access_token
        said = fetch_userinfo(said, provider=provider, access_token=token, actor=actor, groups_claim=groups)
    return said


def credentials(connection: "Connection") -> Credentials:
    oidc = connection.oidc
    auth = ClientAuth(oidc.client_auth) if oidc.client_auth else None
    if oidc.sealed_secret is None:
        return Credentials(oidc.client_id, auth=auth)
    purpose = purpose_of(oidc.issuer, oidc.client_id)
    sealed = bytes(oidc.sealed_secret)
    secret = open_field(sealed, team=connection.team_id, table=TABLE, row=connection.pk, purpose=purpose)
    return Credentials(oidc.client_id, secret, auth)


def _statement(said: SignedIn) -> Statement:
    return Statement(
        subject=said.subject,
        email=said.email,
        email_verified=said.email_verified,
        name=said.name,
        groups=said.groups,
        attributes={name: _shown(value) for name, value in said.claims.items()},
        verified_at=_asked_at(said.claims.get("auth_time")),
        session_index=said.session,
        id_token=said.token,
    )


def _asked_at(said: object) -> datetime | None:
    is_number = isinstance(said, int) and not isinstance(said, bool)
    return datetime.fromtimestamp(said, tz=now().tzinfo) if isinstance(said, int) and is_number else None


def _shown(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(str(one)[:_LONGEST_SHOWN] for one in values)


def _read(kept: dict[str, Any]) -> Provider:
    sets = {
        "algorithms": frozenset(kept["algorithms"]),
        "client_auth": frozenset(ClientAuth(one) for one in kept["client_auth"]),
    }
    return Provider(**(kept | sets))


def known_keys(oidc: OidcProvider) -> KeySet | None:
    if not oidc.keys or not oidc.keys_at:
        return None
    return KeySet(tuple(oidc.keys), oidc.keys_at)


def keep_keys(oidc: OidcProvider, known: KeySet | None) -> None:
    if known is not None and known.fetched_at != oidc.keys_at:
        _keep(oidc, keys=list(known.keys), keys_at=known.fetched_at)


def _keep(oidc: OidcProvider, **told: Any) -> None:
    """Attack stopped: a provider takes its time over an answer until the connection is pointed at another one, which
    then stands with the addresses and keys of the first: it is sent the secret of the second, and names its people.
    """
    asked = OidcProvider.objects.filter(pk=oidc.pk, issuer=oidc.issuer, client_id=oidc.client_id)
    if asked.update(**told):
        for name, value in told.items():
            setattr(oidc, name, value)


def _address(connection: str, what: str) -> str:
    return f"{settings.MUNIMENT_BASE_URL.origin}/sso/oidc/{connection}/{what}"
