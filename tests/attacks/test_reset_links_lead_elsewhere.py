"""Attacker: asks for Bob's link, or has Alice's browser ask for one, under a Host of his own (reset poisoning). Move:
the message leads Bob to the attacker's server, and hands over the code. Guarantee: G-48. Every link that is sent or
shown leads to the configured address, whatever a request says of where it came to."""

import re

import pytest
from django.test import Client

from tests.accounts.links import follow
from tests.accounts.mail_received import sent
from tests.accounts.second_factors import confirm
from tests.cast import Person, signed_in
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]
OURS = "http://localhost:8000/"
HEADERS = [
    "HTTP_HOST",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_ORIGIN",
    "HTTP_REFERER",
    "HTTP_FORWARDED",
]


@pytest.mark.parametrize("header", HEADERS)
def test_every_link_that_is_sent(mail: MailServer, alice: Person, bob: Person, header: str) -> None:
    value = "host=evil.example" if header == "HTTP_FORWARDED" else "evil.example"
    for whose in (Client(**{header: value}), Client()):
        whose.post("/sign-in/forgotten", {"email": bob.user.email})
    for browser in (signed_in(bob.user, **{header: value}), bob.client):
        confirm(browser)
        browser.post("/profile/verify-email")
        browser.post("/profile/email", {"email": "robert@example.org"})
    for browser in (signed_in(alice.user, **{header: value}), alice.client):
        browser.post("/members/invite", {"email": f"new{len(header)}@example.org", "role": "member", "days": "7"})
    links = sent(mail)
    for page in ("sign-in/new-password#", "sign-in/verify-email#", "profile/email/confirm#", "invitation#"):
        assert any(link.startswith(OURS + page) for link in links), page
    assert all(link.startswith(OURS) for link in links)
    assert "evil" not in "\n".join(mail.sealed)
    assert follow(next(link for link in links if "new-password" in link)).status_code == 302


def test_every_link_that_is_shown(alice: Person, bob: Person) -> None:
    for header in HEADERS[1:]:  # under another Host nothing is answered
        browser = signed_in(alice.user, **{header: "evil.example"})
        confirm(browser)
        for address, form in (
            (f"/team/people/{bob.user.ref}/recovery-link", {}),
            (f"/team/people/{bob.user.ref}/email-link", {"email": "robert@example.org"}),
            ("/members/invite", {"email": "new@example.org", "role": "member", "days": "7"}),
        ):
            page = browser.post(address, form).content.decode()
            assert re.findall(r"https?://[^\s\"<]+#", page), address
            assert "evil" not in page
    assert signed_in(alice.user, HTTP_HOST="evil.example").get("/members").status_code == 400
