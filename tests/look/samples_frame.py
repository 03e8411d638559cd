"""The frame around every page, the gallery of elements, home, and the error pages."""

from typing import Any

from django import forms
from django.core.paginator import Paginator

ERRORS = ("400", "403", "403_csrf", "404", "413", "429", "500", "503")

RAIL = [
    {"label": "Agents", "icon": "robot", "url": "/agents", "current": True},
    {"label": "Conversations", "icon": "messages", "url": "/conversations", "current": False},
    {"label": "Privacy", "icon": "shield-lock", "url": "/privacy", "current": False},
    {"label": "Trust", "icon": "certificate", "url": "/trust", "current": False},
    {"label": "Team", "icon": "users", "url": "/team", "current": False},
]


def frame(*crumbs: str, **context: Any) -> dict[str, Any]:
    """What the console's context processor gives every signed-in page, and the page's own context."""
    return {
        "rail": RAIL,
        "team": {"name": "Klinikum Süd-Ost gGmbH", "others": [{"id": "o" * 26, "name": "Pflegeschule am Stadtpark"}]},
        "me": {"name": "Dr. Annegret Müller-Lüdenscheidt", "email": "a.mueller-luedenscheidt@klinikum-suedost.example"},
        "crumbs": [{"label": label, "url": "/agents"} for label in crumbs],
        "csrf_token": "sample",
        **context,
    }


class GalleryForm(forms.Form):
    name = forms.CharField(help_text="People see this name.")
    email = forms.EmailField(label="E-mail")
    length = forms.ChoiceField(choices=[("short", "Short"), ("long", "Thorough")])
    keep = forms.BooleanField(label="Keep conversations", required=False, initial=True)


ROWS = [
    ("May", 120.0),
    ("June", 180.0),
    ("July", 160.0),
    ("Aug", 210.0),
    ("Sept", 240.0),
    ("Oct", 390.0),
    ("Nov", 480.0),
]

STATES: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"errors/{status}": (f"{status}.html", {}) for status in ERRORS},
    "gallery": (
        "gallery.html",
        frame(
            "Agents",
            "Elements",
            form=GalleryForm({"name": "Pflege", "email": "not an address", "length": "short"}),
            rows=ROWS,
            page=Paginator(range(100), 10).page(3),
        ),
    ),
}
