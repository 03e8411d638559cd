"""An identity provider with a page of its own, which a browser comes to: one person presses one button there."""

import threading
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from muniment.core.clock import now
from tests.sso.provider import ENTITY_ID, Answer, Provider, key_pair

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Provider</title></head>
<body><main><h1>Provider</h1><form method="post" action="{acs}">
<input type="hidden" name="SAMLResponse" value="{response}">
<input type="hidden" name="RelayState" value="{state}"><button>Go on as Eve</button></form></main></body></html>"""


class Desk(BaseHTTPRequestHandler):
    """GET /sso: what the browser brings is answered for the pupil `eve`, who is of the group `staff`."""

    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        given = parse_qs(urlsplit(self.path).query)
        if "SAMLRequest" not in given:  # a browser asks for a picture of the site
            self.send_response(204)
            self.end_headers()
            return
        request = etree.fromstring(zlib.decompress(b64decode(given["SAMLRequest"][0]), -15))
        acs = str(request.get("AssertionConsumerServiceURL"))
        said = Answer(
            name_id="eve-4711",
            name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            attributes={"groups": ("staff",)},
            audience=request.findtext("{*}Issuer"),
            destination=acs,
            recipient=acs,
            response_request=request.get("ID"),
            confirmed_request=request.get("ID"),
            assertion_id=f"_a{request.get('ID')}",
            now=now(),
        )
        fields = {"acs": acs, "response": Provider().response(said), "state": given["RelayState"][0]}
        body = PAGE.format(**{name: escape(value) for name, value in fields.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Be quiet."""


@contextmanager
def provider_page() -> Iterator[str]:
    """Its address, on 127.0.0.1: to a server on localhost another site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_metadata(file: Path, address: str) -> None:
    said = {"certificates": [key_pair("provider").certificate], "redirect": f"{address}/sso", "slo": None}
    file.write_bytes(etree.tostring(Provider().metadata_element(ENTITY_ID, **said)))
