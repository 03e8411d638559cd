"""An identity provider of a few lines on pysaml2, in whose environment it runs. Whoever comes is Pia.

It serves its metadata at /metadata and takes requests at /sso, signed, of the one service whose metadata lie in its
folder: `python pysaml2_provider.py PORT FOLDER`.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

PERSON = {"mail": "pia@example.org", "displayName": "Pia Press", "memberOf": ["Readers", "Builders"]}


def provider(port: int, folder: Path) -> Server:
    own = f"http://127.0.0.1:{port}"
    places = [(f"{own}/sso", BINDING_HTTP_REDIRECT)]
    settings = {
        "entityid": f"{own}/metadata",
        "key_file": str(folder / "provider.pem"),
        "cert_file": str(folder / "provider.crt"),
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "metadata": {"local": [str(folder / "muniment.xml")]},
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": places},
                "want_authn_requests_signed": True,
                "policy": {"default": {"lifetime": {"minutes": 5}}},
                "sign_response": True,
                "sign_assertion": True,
            }
        },
    }
    return Server(config=IdPConfig().load(settings))


class Door(BaseHTTPRequestHandler):
    server: "Listening"

    def do_GET(self) -> None:
        idp, parts = self.server.idp, urlsplit(self.path)
        if parts.path == "/metadata":
            self._say(create_metadata_string(None, config=idp.config), "application/samlmetadata+xml")
        elif parts.path == "/sso":
            self._say(self._answer({name: value for name, (value,) in parse_qs(parts.query).items()}), "text/html")
        else:
            self.send_error(404)

    def _answer(self, given: dict[str, str]) -> bytes:
        idp = self.server.idp
        asked = idp.parse_authn_request(
            given["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=given["RelayState"],
            sigalg=given["SigAlg"],
            signature=given["Signature"],
        )
        answer = idp.create_authn_response(
            PERSON,
            userid="pia",
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text="pia-17"),
            authn={"class_ref": PASSWORD, "authn_auth": idp.config.entityid},
            sign_alg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
            **idp.response_args(asked.message, [BINDING_HTTP_POST]),
        )
        where = asked.message.assertion_consumer_service_url
        form = idp.apply_binding(BINDING_HTTP_POST, str(answer), where, given["RelayState"], response=True)
        return str(form["data"]).encode()

    def _say(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Listening(HTTPServer):
    def __init__(self, port: int, idp: Server) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.idp = idp


if __name__ == "__main__":
    Listening(int(sys.argv[1]), provider(int(sys.argv[1]), Path(sys.argv[2]))).serve_forever()
