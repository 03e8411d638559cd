"""Draws the pictures of the guides to identity providers: which of our values goes into which field there, and back.

    .venv/bin/python -m tools.guide_pictures

They are drawn after what the providers publish, and are no pictures of their pages. Our own words are those of our
pages in each language, from the catalog; the providers' stay as they are in English.
"""

import gettext
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/guide/pictures"
CATALOGS = ROOT / "src/muniment/locale"
LANGUAGES = {"en": "", "de": "-de"}
"""How a file's name ends."""
ACS, ENTITY, SIGN_OUT, METADATA = "ACS URL (reply address)", "Entity ID (audience)", "Sign-out address", "Our metadata"
BY_ADDRESS, BY_FILE = "Metadata by address", "Metadata document"

TICKED, WEB = "ticked", "A web application with the authorization code"
ONLY_DRAWN = {
    "de": {
        METADATA: "Unsere Metadaten",
        TICKED: "angekreuzt",
        WEB: "Eine Webanwendung mit Authorization Code",
        "What goes where: Muniment and %s": "Was wohin gehört: Muniment und %s",
    }
}
"""What no page says."""

WIDTH, PANEL, ROW, TOP, GAP = 780, 330, 46, 64, 24
INK, QUIET, LINE, PAPER, SURFACE, GREEN = "#14202e", "#5a6675", "#d9d3c7", "#fbfaf7", "#ffffff", "#176155"


class Sketch(NamedTuple):
    """`given`: our value, its field there. `chosen`: a field there and what it is set to. `taken`: what is there, where
    it goes here.
    """

    there: str
    screen: str
    given: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, str], ...]
    taken: tuple[tuple[str, str], ...]


SKETCHES = {
    "okta": Sketch(
        "Okta",
        "Create SAML Integration, Configure SAML",
        (
            (ACS, "Single sign-on URL"),
            (ENTITY, "Audience URI (SP Entity ID)"),
            (SIGN_OUT, "Single Logout URL (optional)"),
        ),
        (("Name ID format", "Persistent"), ("Application username", "Custom"), ("email", "user.profile.email")),
        (("Sign On: Metadata URL", BY_ADDRESS),),
    ),
    "entra": Sketch(
        "Microsoft Entra ID",
        "Set up Single Sign-On with SAML",
        ((ENTITY, "Identifier (Entity ID)"), (ACS, "Reply URL")),
        (
            ("Name ID: source attribute", "user.objectid"),
            ("Name ID: format", "Persistent"),
            ("emailaddress", "user.mail"),
        ),
        (("App Federation Metadata Url", BY_ADDRESS),),
    ),
    "google": Sketch(
        "Google Workspace",
        "Service provider details",
        ((ACS, "ACS URL"), (ENTITY, "Entity ID")),
        (("Signed response", TICKED), ("Name ID format", "EMAIL"), ("Name ID", "Primary email")),
        (("Download metadata", BY_FILE),),
    ),
    "pingone": Sketch(
        "PingOne",
        "SAML Configuration",
        ((ACS, "ACS URLs"), (ENTITY, "Entity ID"), (SIGN_OUT, "SLO Endpoint")),
        (("Subject NameID Format", "persistent"), ("saml_subject", "User ID"), ("email", "Email Address")),
        (("IDP Metadata URL", BY_ADDRESS),),
    ),
    "keycloak": Sketch(
        "Keycloak",
        "Clients, Import client",
        ((METADATA, "Resource file"),),
        (("Name ID format", "persistent"), ("Sign documents, assertions", "On"), ("Client signature required", "On")),
        (("…/protocol/saml/descriptor", BY_ADDRESS),),
    ),
    "simplesamlphp": Sketch(
        "SimpleSAMLphp",
        "metadata-converter.php, then saml20-sp-remote.php",
        ((METADATA, "XML metadata, Parse"),),
        (("validate.authnrequest", "true"), ("simplesaml.nameidattribute", "mail"), ("assertion.encryption", "true")),
        (("saml2/idp/metadata.php", BY_ADDRESS),),
    ),
    "openid-connect": Sketch(
        "Your provider",
        WEB,
        (
            ("Redirect URI", "redirect_uris"),
            ("Redirect URI after signing out", "post_logout_redirect_uris"),
            ("Back-channel logout URL", "backchannel_logout_uri"),
        ),
        (("PKCE", "S256"), ("email_verified", "true")),
        (("Issuer", "Issuer"), ("Client ID", "Client ID"), ("Client secret", "Client secret")),
    ),
}


def draw(sketch: Sketch, language: str = "en") -> str:
    """An SVG file."""
    said = _words(language)
    sketch = _said(sketch, said)
    rows = [*_given(sketch), *_chosen(sketch), *_taken(sketch)]
    height = TOP + len(rows) * ROW + GAP
    body = "\n".join(row.replace("@", str(TOP + number * ROW)) for number, row in enumerate(rows))
    title = said("What goes where: Muniment and %s") % sketch.there
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-size="13"'
    tip = 'refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="system-ui, sans-serif">
<title>{escape(title)}</title>
<defs><marker id="a" viewBox="0 0 8 8" {tip}><path d="M0 0 8 4 0 8z" fill="{GREEN}"/></marker></defs>
<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>
{_panel(12, "Muniment", f"{said('My profile')}, {said('Single sign-on')}", height)}
{_panel(WIDTH - PANEL - 12, sketch.there, sketch.screen, height)}
{body}
</svg>
"""


def _words(language: str) -> Callable[[str], str]:
    if language == "en":
        return str
    pages = gettext.translation("django", CATALOGS, [language]).gettext
    return lambda text: ONLY_DRAWN[language].get(text) or pages(text)


def _said(sketch: Sketch, said: Callable[[str], str]) -> Sketch:
    """With our words, and what is said of theirs, in the language that `said` speaks."""
    given = tuple((said(ours), theirs) for ours, theirs in sketch.given)
    chosen = tuple((field, said(value)) for field, value in sketch.chosen)
    taken = tuple((theirs, said(ours)) for theirs, ours in sketch.taken)
    return Sketch(said(sketch.there), said(sketch.screen), given, chosen, taken)


def _panel(left: int, name: str, screen: str, height: int) -> str:
    return (
        f'<rect x="{left}" y="12" width="{PANEL}" height="{height - 24}" rx="8" fill="{SURFACE}" stroke="{LINE}"/>'
        f'<text x="{left + 16}" y="36" fill="{INK}" font-weight="600">{escape(name)}</text>'
        f'<text x="{left + 16}" y="53" fill="{QUIET}" font-size="11">{escape(screen)}</text>'
    )


def _given(sketch: Sketch) -> Iterator[str]:
    for ours, theirs in sketch.given:
        yield _at(_value(12, ours) + _field(WIDTH - PANEL - 12, theirs) + _arrow(PANEL + 12, WIDTH - PANEL - 14))


def _chosen(sketch: Sketch) -> Iterator[str]:
    for field, value in sketch.chosen:
        left, right = WIDTH - PANEL + 4, WIDTH - 28
        yield _at(
            f'<text x="{left}" y="29" fill="{QUIET}">{escape(field)}</text>'
            f'<text x="{right}" y="29" fill="{INK}" font-weight="600" text-anchor="end">{escape(value)}</text>'
        )


def _taken(sketch: Sketch) -> Iterator[str]:
    for theirs, ours in sketch.taken:
        yield _at(_value(WIDTH - PANEL - 12, theirs) + _field(12, ours) + _arrow(WIDTH - PANEL - 12, PANEL + 14))


def _at(drawn: str) -> str:
    return f'<g transform="translate(0 @)">{drawn}</g>'


def _value(left: int, words: str) -> str:
    return (
        f'<rect x="{left + 16}" y="8" width="{PANEL - 32}" height="32" rx="6" fill="{GREEN}" fill-opacity=".1"/>'
        f'<text x="{left + 28}" y="29" fill="{GREEN}" font-weight="600">{escape(words)}</text>'
    )


def _field(left: int, words: str) -> str:
    return (
        f'<rect x="{left + 16}" y="8" width="{PANEL - 32}" height="32" rx="6" fill="{PAPER}" stroke="{QUIET}"/>'
        f'<text x="{left + 28}" y="29" fill="{INK}">{escape(words)}</text>'
    )


def _arrow(start: int, end: int) -> str:
    inner = 18 if end > start else -18
    ends = f'x1="{start - inner}" y1="24" x2="{end + inner}" y2="24"'
    return f'<line {ends} stroke="{GREEN}" stroke-width="1.5" marker-end="url(#a)"/>'


if __name__ == "__main__":
    for name, sketch in SKETCHES.items():
        for language, end in LANGUAGES.items():
            (PICTURES / f"single-sign-on-{name}{end}.svg").write_text(draw(sketch, language), encoding="utf-8")
