"""A person with a phone: an authenticator app (pyotp) that was set up through the pages."""

import re
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from django.http import HttpResponse
from django.test import Client

from muniment.core.clock import now
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Person

ENABLE = "/profile/two-factor/enable"


def confirm(client: Client, password: str = PASSWORD, after: str = "/profile/security") -> HttpResponse:
    return client.post("/confirm", {"password": password, "next": after})


@dataclass
class Phone:
    """An app that knows one key, as a person typed it in."""

    key: str
    codes: list[str] = field(default_factory=list)

    def shows(self, moment: datetime | None = None) -> str:
        return pyotp.TOTP(self.key).at(moment or now())


def shown_key(client: Client) -> str:
    page = client.get(ENABLE).content.decode()
    (key,) = re.findall(r'id="manual-key">([A-Z2-7 ]+)<', page)
    return str(key).replace(" ", "")


def shown_codes(page: HttpResponse) -> list[str]:
    return re.findall(r"</span>(\w{5}-\w{5})</li>", page.content.decode())


def enable(person: Person, name: str = "My phone") -> Phone:
    """Through the pages, in the person's own browser."""
    confirm(person.client)
    phone = Phone(shown_key(person.client))
    page = person.client.post(ENABLE, {"name": name, "code": phone.shows()})
    assert page.status_code == 200, page
    phone.codes = shown_codes(page)
    return phone


def first_step(person: Person, client: Client | None = None, **given: str) -> Client:
    """A browser that has typed the password, and is asked for the second step."""
    client = client or Client()
    response = sign_in(client, person.user.email, **given)
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/second-step")
    return client


def second_step(client: Client, code: str, **given: str) -> HttpResponse:
    return client.post("/sign-in/second-step", {"code": code, **given})
