"""Who calls the API: the holder of an API key, and nobody else. A browser's session opens nothing here."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from muniment.core.rates import Rate, buckets
from muniment.core.requests import ActorRequest
from muniment.teams.services import actor_by_token


class KeyRequest(ActorRequest):
    """`token` is the key itself, for what waits its turn and asks again who acts when that has come."""

    token: str
    rate: Rate


class ByKey(HttpBearer):
    """`Authorization: Bearer <key>` (RFC 6750, section 2.1)."""

    def authenticate(self, request: HttpRequest, token: str) -> str:
        """Raises KeyRefusedError, TooManyRequestsError."""
        asking = cast("KeyRequest", request)
        asking.actor, key = actor_by_token(token)
        asking.token = token
        asking.rate = buckets.take(key.pk, limit=settings.MUNIMENT_API_RATE)
        return key.pk
