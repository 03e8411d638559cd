"""Look at every page without the other rooms: renders each template in each state, photographs it, runs axe on it.

    tools/preview                     everything, into artefacts/look/
    tools/preview agents/ chat/ask    only the states whose name starts so
    tools/preview --language de       the same in German
    tools/preview --serve             leave the server on http://127.0.0.1:8765 to click around

The server sends the product's own Content-Security-Policy; a violation, or any other complaint in the browser's
console, is a finding.
"""

import argparse
import html
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/muniment/static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CSP = (
    "default-src 'none'; script-src 'nonce-preview' 'self'; style-src 'self' 'nonce-preview'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}


def configure() -> None:
    """The product's settings, and the gallery of elements beside its templates. Opens no database and no key."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    settings.TEMPLATES[0]["DIRS"].append(ROOT / "tests/look/templates")
    django.setup()


class Desk(BaseHTTPRequestHandler):
    """Serves /preview/<state>, /static/…, and what the subclass of a test adds in `answer`."""

    protocol_version = "HTTP/1.0"
    language = "en"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Be quiet."""

    def send(self, body: bytes, kind: str, status: int = 200, *, keeps: str = "no-store") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", keeps)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            self.send(file.read_bytes(), KINDS[file.suffix], keeps="max-age=3600")
        elif path.startswith("/preview/"):
            self.send(render(path.removeprefix("/preview/"), self.language).encode(), "text/html; charset=utf-8")
        else:
            self.answer(path)

    def do_POST(self) -> None:
        self.answer(self.path)

    def answer(self, path: str) -> None:
        """A page that the preview does not have; what asks for itself gets "nothing new" (204)."""
        if path.endswith(("/knowledge", "/safety/masking")):
            self.send(b"", "text/html", 204)
            return
        self.send(f"<!DOCTYPE html><title>{html.escape(path)}</title>".encode(), "text/html; charset=utf-8", 404)


def render(state: str, language: str = "en") -> str:
    from django.template.loader import render_to_string  # noqa: PLC0415 - settings must be configured first
    from django.utils.translation import override  # noqa: PLC0415

    from tests.look.samples import STATES  # noqa: PLC0415
    from tests.look.samples_agents import FRAGMENTS  # noqa: PLC0415

    template, context = (STATES | FRAGMENTS)[state]
    with override(language):
        return render_to_string(template, context)


@contextmanager
def serving(handler: type[Desk] = Desk, port: int = 0) -> Iterator[str]:
    """The address of a server on this machine that ends with the block."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _chromium() -> str | None:
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import, and only some need it

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM)
        try:
            yield chromium
        finally:
            chromium.close()


def findings(page: Any) -> list[str]:
    """What axe finds on the page as it stands: rule, element, and the contrast or other reason."""
    return _findings(page, {"resultTypes": ["violations"]})


def findings_of_contrast(page: Any) -> list[str]:
    """The same for what a colour scheme changes."""
    return _findings(page, {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]})


def _findings(page: Any, options: dict[str, Any]) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    found = Axe().run(page, options=options)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


Act = Callable[[Any], list[str]]


@contextmanager
def visiting(chromium: Any, look: str) -> Iterator[Callable[[str, Act], list[str]]]:
    """Opens pages in a look, one after the other in one window: what they share is loaded once. Each call acts on its
    page, and returns what the act found and what the browser complained about.
    """
    complaints: list[str] = []
    context = chromium.new_context(**LOOKS[look], reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def visit(address: str, act: Act) -> list[str]:
        complaints.clear()
        page.goto(address)
        page.wait_for_load_state("load")
        found = act(page)
        width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if width > room:
            complaints.append(f"the page is {width} pixels wide in a window of {room}")
        return found + complaints

    yield visit
    context.close()


def photograph(names: list[str], folder: Path) -> int:
    """One picture for each state and look; returns the number of findings."""
    wrong = 0
    with serving() as address, browser() as chromium:
        for look in LOOKS:
            with visiting(chromium, look) as visit:
                for name in names:
                    picture = folder / f"{name.replace('/', '-')}.{look}.png"

                    def act(page: Any, picture: Path = picture) -> list[str]:
                        page.screenshot(path=picture, full_page="chat" not in picture.name)
                        return findings(page)

                    found = visit(f"{address}/preview/{name}", act)
                    wrong += len(found)
                    sys.stdout.write(f"{name} {look}: {'ok' if not found else json.dumps(found, indent=1)}\n")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="Look at every page.")
    parser.add_argument("states", nargs="*", help="only states whose name starts so")
    parser.add_argument("--serve", action="store_true", help="serve until interrupted")
    parser.add_argument("--into", type=Path, default=ROOT / "artefacts/look")
    parser.add_argument("--language", default="en", help="of the pages; what the samples say stays as it is")
    options = parser.parse_args()
    Desk.language = options.language
    configure()
    from tests.look.samples import STATES  # noqa: PLC0415

    if options.serve:
        with serving(port=8765) as address:
            sys.stdout.write("".join(f"{address}/preview/{name}\n" for name in STATES))
            threading.Event().wait()
    options.into.mkdir(parents=True, exist_ok=True)
    names = [name for name in STATES if not options.states or name.startswith(tuple(options.states))]
    return 1 if photograph(names, options.into) else 0


if __name__ == "__main__":
    sys.exit(main())
