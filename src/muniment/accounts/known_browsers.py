"""A browser that has signed in as somebody has a count of failed attempts of its own (OWASP: "device cookies").

Attack stopped: whoever types wrong passwords for somebody's address from elsewhere, again and again, would keep the
account at its limit and lock the person out for ever. The cookie proves nothing but "this browser was signed in as
this person once"; it opens no session. Residue: on a new browser the person waits while such an attack goes on.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from muniment.accounts.models import User

COOKIE = "__Host-known" if settings.SESSION_COOKIE_NAME.startswith("__Host-") else "known"
LIFETIME = timedelta(days=180)
_SALT = "muniment.accounts.known_browsers"


def remember_browser(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Sets the cookie, unless the browser is known already: a count begun is not begun anew by signing in again."""
    if known_browser(request, email=user.email):
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([user.ref, secrets.token_urlsafe(16)], salt=_SALT),
        max_age=LIFETIME,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def known_browser(request: HttpRequest, *, email: str) -> str | None:
    """The random name of this browser, when it was signed in once as the person with this address; else None."""
    try:
        ref, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(browser) if User.objects.filter(email=email, ref=ref).exists() else None
