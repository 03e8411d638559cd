"""The way to a provider: whom it is asked for, and for what."""

from dataclasses import replace
from typing import TYPE_CHECKING

from muniment.core.actors import system_in
from muniment.sso.asking import Asked, keep_asked
from muniment.sso.oidc_speaking import lead_to_oidc
from muniment.sso.saml_speaking import lead_to_saml
from muniment.sso.types import Leading, Protocol, Purpose

if TYPE_CHECKING:
    from django.http import HttpRequest

    from muniment.sso.models import Connection


def lead(
    *,
    request: "HttpRequest",
    connection: "Connection",
    purpose: Purpose,
    after: str,
    login_hint: str = "",
    agent: str = "",
) -> Leading:
    """Where this browser goes to be asked; its session knows from now on that it was sent. `agent`: for whose chat.

    Raises what `oidc.discovery.discover` raises where the provider has to be asked first.
    """
    fresh = purpose is Purpose.CONFIRM
    asked = Asked(connection.pk, purpose, after, agent=agent)
    if connection.protocol == Protocol.SAML:
        leading, kept = lead_to_saml(connection, key=asked.key, fresh=fresh)
        keep_asked(request, replace(asked, kept=kept))
        return leading
    acting = system_in(connection.team_id)
    leading, key, kept = lead_to_oidc(connection, actor=acting, fresh=fresh, login_hint=login_hint)
    keep_asked(request, replace(asked, key=key, kept=kept))
    return leading
