from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD


def sign_in(client: Client, email: str, password: str = PASSWORD, **given: Any) -> HttpResponse:
    address = given.pop("address", "192.0.2.1")
    form = {"email": email, "password": password, **given}
    return client.post("/sign-in", form, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return client.get("/profile").status_code == 200
