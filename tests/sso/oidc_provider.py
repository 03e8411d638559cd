"""An OpenID provider on loopback, over real HTTP, that can be made to lie about anything.

    provider = oidc()                                # the fixture: started, and listed by the operator
    provider.issuer, .client_id, .client_secret      # what a connection is configured with
    provider.claims["email"] = "bob@example.org"     # in the id token; `OMITTED` as a value leaves a claim out
    provider.userinfo["groups"] = ["readers"]        # in userinfo
    query = provider.sign_in(begun.address)          # plays browser and person: the query string of the callback
    provider.callback(begun.address)                 # the same, as a whole address; a browser gets it as a redirect
    provider.logout_token(sid="s-1")                 # what it would post to us; `OMITTED` leaves a claim out here, too

It checks itself what a provider must: client, redirect address, proof of the client, PKCE, and codes work once. Its
clock is the machine's, whatever a test has `frozen`: set `claims["exp"]` for another day.
Tests lie by: `claims`, `header` (of the id token), `published` (keys), `key` (that signs), `metadata` (discovery),
`answer` (parameters of the callback), `forge` (makes the whole token out of header and claims), `raw` (path: status,
media type, body, headers).
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from muniment.core.clock import now
from tests.sso.oidc_keys import SigningKey, b64, compact, rsa

OMITTED = object()
_HASHES = {"256": "sha256", "384": "sha384", "512": "sha512", "DSA": "sha512"}
EVENT = "http://schemas.openid.net/event/backchannel-logout"
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Issued:
    """What the provider remembers of a code it gave."""

    parameters: dict[str, str]


@dataclass
class OidcProvider:
    """`client_auth`: how the client must prove itself; `path`: of the issuer, as tenants have; `at_hash`: whether the
    id token names the access token. `asked`: method and path of each request; `told`: what the token endpoint was told.
    """

    client_id: str = "muniment"
    client_secret: str = "s3cret: ümlaut & more%"
    client_auth: str = "client_secret_basic"
    path: str = ""
    at_hash: bool = True
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "alice-1", "email": "alice@example.org"})
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "alice-1"})
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, tuple[int, str, bytes, dict[str, str]]] = field(default_factory=dict)
    forge: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rsa_key = SigningKey(rsa(), "rsa-1")
        self.ec_key = SigningKey(ec.generate_private_key(ec.SECP256R1()), "ec-1", "ES256")
        self.key = self.rsa_key
        self.published = [self.rsa_key.jwk(), self.ec_key.jwk()]
        self._codes: dict[str, Issued] = {}
        self._access: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def issuer(self) -> str:
        return f"{self.address}{self.path}"

    def rotate(self) -> None:
        """Signs with a key that was not published before, and publishes that one alone."""
        self.key = SigningKey(rsa(1), "rsa-2")
        self.published = [self.key.jwk()]

    def callback(self, address: str) -> str:
        """Where the browser is sent by who opens `address` and signs in."""
        parameters = dict(parse_qsl(urlsplit(address).query))
        assert parameters["client_id"] == self.client_id
        assert parameters["response_type"] == "code"
        assert parameters["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = Issued(parameters)
        said = {"code": code, "state": parameters["state"], "iss": self.issuer, **self.answer}
        return f"{parameters['redirect_uri']}?{urlencode(_without_omitted(said))}"

    def sign_in(self, address: str) -> str:
        return urlsplit(self.callback(address)).query

    def id_token(self, parameters: dict[str, str], access_token: str = "") -> str:
        """For who asked with these parameters."""
        moment = int(now().timestamp())
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": moment, "exp": moment + 300}
        claims |= {"nonce": parameters["nonce"]}
        if parameters.get("max_age") or parameters.get("prompt") == "login":
            claims["auth_time"] = moment
        if access_token and self.at_hash:
            digest = hashlib.new(_HASHES[self.key.algorithm[-3:]], access_token.encode()).digest()
            claims["at_hash"] = b64(digest[: len(digest) // 2])
        claims = _without_omitted({**claims, **self.claims})
        header = _without_omitted({"alg": self.key.algorithm, "kid": self.key.kid, "typ": "JWT", **self.header})
        return self.forge(header, claims) if self.forge else compact(header, claims, self.key.sign)

    def logout_token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """By which it says that a session of the person in `claims` is over."""
        moment = int(now().timestamp())
        said = {"iss": self.issuer, "aud": self.client_id, "iat": moment, "exp": moment + 120}
        said |= {"jti": secrets.token_urlsafe(8), "sub": self.claims["sub"], "events": {EVENT: {}}}
        head = {"alg": self.key.algorithm, "kid": self.key.kid, "typ": "logout+jwt", **(header or {})}
        return compact(_without_omitted(head), _without_omitted(said | claims), self.key.sign)

    def published_about_itself(self) -> dict[str, Any]:
        base = self.issuer.rstrip("/")
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            "userinfo_endpoint": f"{base}/userinfo",
            "end_session_endpoint": f"{base}/end",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": [self.client_auth],
            "authorization_response_iss_parameter_supported": True,
        }
        return _without_omitted({**said, **self.metadata})

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """What the token endpoint answers."""
        self.told.append(form)
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client", "error_description": "<b>no</b>"}
        issued = self._codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        if (
            issued is None
            or issued.parameters["redirect_uri"] != form.get("redirect_uri")
            or issued.parameters["code_challenge"] != b64(hashlib.sha256(verifier.encode()).digest())
        ):
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe(16)
        self._access.add(access_token)
        id_token = self.id_token(issued.parameters, access_token)
        return 200, {"id_token": id_token, "access_token": access_token, "token_type": "Bearer", "expires_in": 300}

    def knows(self, authorization: str) -> bool:
        return authorization.removeprefix("Bearer ") in self._access

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if self.client_auth == "client_secret_basic":
            shown = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            return (unquote_plus(shown[0]), unquote_plus(shown[2])) == (self.client_id, self.client_secret)
        if authorization or form.get("client_id") != self.client_id:
            return False
        return form.get("client_secret") == (self.client_secret if self.client_auth == "client_secret_post" else None)


def _handler(provider: OidcProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self._path()
            if path == "/authorize":
                self._say(302, b"", headers={"Location": provider.callback(self.path)})
            elif path == "/userinfo" and not provider.knows(self.headers.get("Authorization", "")):
                self._say(401, b"{}")
            else:
                said = {
                    WELL_KNOWN: provider.published_about_itself(),
                    "/keys": {"keys": provider.published},
                    "/userinfo": provider.userinfo,
                }
                self._say(200 if path in said else 404, json.dumps(said.get(path, {})).encode())

        def do_POST(self) -> None:
            self._path()
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
            status, said = provider.redeem(form, self.headers.get("Authorization", ""))
            self._say(status, json.dumps(said).encode())

        def _path(self) -> str:
            path = urlsplit(self.path).path.removeprefix(provider.path.rstrip("/"))
            provider.asked.append(f"{self.command} {path}")
            return path

        def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            path = urlsplit(self.path).path.removeprefix(provider.path.rstrip("/"))
            status, media_type, body, headers = provider.raw.get(
                path, (status, "application/json", body, headers or {})
            )
            self.send_response(status)
            for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def _without_omitted(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not OMITTED}


@contextmanager
def providing(**options: Any) -> Iterator[OidcProvider]:
    provider = OidcProvider(**options)
    try:
        yield provider
    finally:
        provider.close()
