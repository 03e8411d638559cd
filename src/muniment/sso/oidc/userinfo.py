"""What a provider tells of a person beside the id token (OpenID Connect Core 1.0, section 5.3)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muniment.core.actors import Actor
from muniment.core.network.http import Limits, Request
from muniment.sso.oidc.discovery import Provider
from muniment.sso.oidc.errors import ProviderError, Refusal, SignInRefusedError
from muniment.sso.oidc.id_token import SignedIn, person
from muniment.sso.oidc.wire import LIMITS, ask


def fetch_userinfo(
    signed_in: SignedIn,
    *,
    provider: Provider,
    access_token: str,
    actor: Actor,
    limits: Limits = LIMITS,
    groups_claim: str = "groups",
) -> SignedIn:
    """The same person, with what the id token left out. What that says, and is signed, is not overruled.

    Raises SignInRefusedError, ProviderError, ProviderUnavailableError and what `exchange` raises.
    Attack stopped: userinfo of somebody else, by an access token put in the place of this one (section 5.3.2); the
    access token told to another provider.
    """
    if signed_in.issuer != provider.issuer:
        raise SignInRefusedError(Refusal.ISSUER)
    if not provider.userinfo_endpoint or not access_token:
        raise ProviderError("The provider offers no userinfo. Let it put e-mail address and groups into the id token.")
    sent = Request("GET", provider.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})
    told = ask(sent, actor=actor, limits=limits).content
    if told.get("sub") != signed_in.subject:
        raise SignInRefusedError(Refusal.SUBJECT)
    found = person({**told, **signed_in.claims, **_email(told, signed_in.claims)}, groups_claim)
    return replace(found, session=signed_in.session, token=signed_in.token)


def _email(told: Mapping[str, Any], signed: Mapping[str, Any]) -> dict[str, Any]:
    """Attack stopped: the address of one source counts as verified by what the other says of another address."""
    same = "email" not in signed or ("email_verified" not in signed and told.get("email") == signed["email"])
    source = told if same else signed
    return {"email": source.get("email"), "email_verified": source.get("email_verified")}
