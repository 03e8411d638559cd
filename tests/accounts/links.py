"""Following a link that opens an account, as its page does."""

from django.http import HttpResponse
from django.test import Client

NEW = "another quiet room at dawn"


def follow(link: str, new: str = NEW) -> HttpResponse:
    """What the browser of whoever holds the link sends."""
    page, _, token = link.partition("#")
    path = page.removeprefix("http://localhost:8000")
    return Client().post(path, {"token": token, "new": new, "again": new})
