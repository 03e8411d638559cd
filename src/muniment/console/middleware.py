"""The shell around every page: who is really asking, under which name, what goes into the log and into the headers."""

import ipaddress
import logging
import time

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from muniment.console.errors import answer_to, bad_request
from muniment.core.faults import known
from muniment.core.middleware import PlainMiddleware
from muniment.core.network.listening import BaseUrl, is_loopback
from muniment.core.own_words import OwnWord
from muniment.core.requests import is_api

_log = logging.getLogger("muniment.request")
PROBES = ("/healthz", "/readyz", "/metrics")
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)


class RequestLog(PlainMiddleware):
    """One line for each request: method, name of the route, status, milliseconds.

    Never the address asked for: it may hold a question, a name, or a token somebody pasted.
    """

    def before(self, request: HttpRequest) -> None:
        request.META["muniment.began"] = time.monotonic()

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        took = (time.monotonic() - request.META["muniment.began"]) * 1000
        method = _METHODS.get(request.method or "", _OTHER)
        _log.info("%s %s %d %.0f ms", method, _route(request), response.status_code, took)
        return response


_METHODS = {name: OwnWord(name) for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
_OTHER = OwnWord("OTHER")


def _route(request: HttpRequest) -> OwnWord:
    if request.resolver_match is not None:
        return OwnWord(request.resolver_match.view_name or "unnamed")
    return OwnWord("static" if request.path_info.startswith(settings.STATIC_URL) else "none")


class ContentPolicy(CSPMiddleware):
    """The policy of pages, with a nonce for each. What answers programs is no page: nothing of it runs or loads."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if is_api(request):
            response.headers["Content-Security-Policy"] = _NO_PAGE
            return response
        answered: HttpResponseBase = super().process_response(request, response)
        return answered


_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class TrustedProxy(PlainMiddleware):
    """What a proxy says of a client counts only when the declared proxy says it (MUNIMENT_TRUSTED_PROXY).

    From anybody else the headers are removed before anything reads them: a forged address would escape the limits of
    attempts and lie in the audit log, a forged scheme would make cookies travel in clear. Of a list the last entry
    counts: it is the one our proxy wrote. With a proxy declared and no certificate of our own, nobody but the proxy
    and this machine is answered, since their requests came in clear.
    """

    def before(self, request: HttpRequest) -> HttpResponseBase | None:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        proxy = _address(settings.MUNIMENT_TRUSTED_PROXY)
        told = {name: request.META.pop(name, "").rpartition(",")[2].strip() for name in FORWARDED}
        if peer is not None:  # a socket of both versions calls an address of IPv4 ::ffff:192.0.2.1
            request.META["REMOTE_ADDR"] = str(peer)
        if proxy is None:
            return None
        if peer == proxy:
            client = _address(told["HTTP_X_FORWARDED_FOR"])
            if client is None or told["HTTP_X_FORWARDED_PROTO"] not in {"http", "https"}:
                return bad_request(request, reason="The proxy did not say who asks: let it set X-Forwarded-For.")
            request.META["REMOTE_ADDR"] = str(client)
            request.META["HTTP_X_FORWARDED_PROTO"] = told["HTTP_X_FORWARDED_PROTO"]
            return None
        if not settings.MUNIMENT_TLS_CERTIFICATE and not (peer and peer.is_loopback):
            return bad_request(request, reason="This server answers its proxy alone. Use its public address.")
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class HostRule(PlainMiddleware):
    """One name for one installation: unknown names are refused, other names of this machine lead to the right one.

    A page must not work under a name the owner never chose (DNS rebinding), and passkeys and cookies belong to one.
    A path begins with a slash: "@evil.example/" behind our origin would be an address of somebody else.
    """

    def before(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.path.startswith("/"):
            return bad_request(request)
        try:
            host = request.get_host()
        except DisallowedHost:
            return bad_request(request, reason="This server is not known under this name. Use its configured address.")
        base: BaseUrl = settings.MUNIMENT_BASE_URL
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        if name == base.host or not is_loopback(name) or request.path_info in PROBES or is_api(request):
            return None
        return HttpResponseRedirect(base.origin + request.get_full_path(), preserve_request=True)


class Headers(PlainMiddleware):
    """What every answer says to browsers and caches; Content-Security-Policy is django-csp's, the rest Django's own."""

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path_info.startswith(settings.STATIC_URL) or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class OurErrors(PlainMiddleware):
    """An error of ours becomes the page of its status."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        ours = known(error)
        return answer_to(request, ours) if ours else None
