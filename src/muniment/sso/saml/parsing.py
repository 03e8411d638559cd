"""The one parser of what a provider sends."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

from muniment.sso.saml.errors import Refusal, SamlError

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
XENC = "{http://www.w3.org/2001/04/xmlenc#}"

LARGEST_MESSAGE = 256 * 1024
LARGEST_METADATA = 8 * 1024 * 1024
"""Bytes. A federation's metadata of thousands of providers are larger: their operators serve one provider's, too."""

_HEAD = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"']([A-Za-z0-9-]+)[\"'])?[^?<>]*\?>)?"
)
_ENCODINGS = {None, b"utf-8", b"us-ascii"}
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_IDS = ("ID", "Id", "id")


def parse_message(data: bytes) -> etree._Element:
    """The root of a message, checked against the schema of the protocol.

    Attack stopped: comments or processing instructions that split the text of a name ("bob@acme.example<!---->.evil"),
    CDATA, document types that read files or grow. `<!` and `<?` stand for nothing else in XML, so they are refused
    in the bytes, before any parser has an opinion.
    """
    _refuse_bytes(data, LARGEST_MESSAGE, (b"<!", b"<?"))
    root = _parsed(data)
    _refuse_ambiguity(root)
    if not _protocol_schema().validate(root):
        raise SamlError(Refusal.SHAPE)
    return root


def parse_metadata(data: bytes) -> etree._Element:
    """The root of metadata. Comments are left out: people write them, and no name is read from beside one."""
    _refuse_bytes(data, LARGEST_METADATA, (b"<!DOCTYPE", b"<!ENTITY"))
    root = _parsed(data)
    _refuse_ambiguity(root)
    return root


def text_of(element: etree._Element | None) -> str:
    """The whole text of an element that has no elements in it, without the space around it; else empty."""
    return "" if element is None or len(element) else (element.text or "").strip()


def _refuse_bytes(data: bytes, limit: int, forbidden: tuple[bytes, ...]) -> None:
    if len(data) > limit:
        raise SamlError(Refusal.TOO_LARGE)
    head = _HEAD.match(data)
    encoding = head[1].lower() if head and head[1] else None
    # Attack stopped: a document type hidden from this search by an encoding in which it is other bytes.
    if encoding not in _ENCODINGS or b"\0" in data:
        raise SamlError(Refusal.UNREADABLE)
    body = data[head.end() :] if head else data
    if any(mark in body for mark in forbidden):
        raise SamlError(Refusal.FORBIDDEN_MARKUP)


def _parsed(data: bytes) -> etree._Element:
    try:
        data.decode()
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, UnicodeDecodeError):
        raise SamlError(Refusal.UNREADABLE) from None
    if root.getroottree().docinfo.internalDTD is not None:  # never reached, unless the search above missed one
        raise SamlError(Refusal.FORBIDDEN_MARKUP)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _refuse_ambiguity(root: etree._Element) -> None:
    """Attack stopped: two elements with one ID, of which the signature is checked on one and the other is read; also
    by `xml:id`, which libxml2 takes for an ID by itself.

    Attack stopped: "void canonicalisation": a relative name of a namespace makes canonicalisation fail, and a verifier
    that goes on checks the signature of nothing.
    """
    for _, (_, uri) in etree.iterwalk(root, events=("start-ns",)):
        if ":" not in uri:
            raise SamlError(Refusal.SIGNATURE_FORM)
    seen: set[str] = set()
    for element in root.iter():
        if _XML_ID in element.attrib:
            raise SamlError(Refusal.SIGNATURE_FORM)
        for name in _IDS:
            found = element.get(name)
            if found is None:
                continue
            if found in seen:
                raise SamlError(Refusal.DUPLICATE_ID)
            seen.add(found)


@cache
def _protocol_schema() -> etree.XMLSchema:
    """The OASIS schema, as python3-saml carries it."""
    path = Path(str(files("onelogin.saml2"))) / "schemas" / "saml-schema-protocol-2.0.xsd"
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))
