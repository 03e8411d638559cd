"""A link by mail, from a real mail server on this machine: for a new password, and to show whose address it is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from muniment.core.clock import frozen, now
from muniment.core.network.addresses import internal_hosts
from muniment.core.network.connecting import tls_context
from muniment.core.network.mail import MailSettings
from muniment.jobs.models import Job
from muniment.jobs.services import run_due
from tests.accounts.links import NEW, follow
from tests.accounts.second_factors import enable, first_step, second_step
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import PASSWORD, Person
from tests.core.authority import Authority
from tests.core.test_mail_out import MailServer

pytestmark = pytest.mark.usefixtures("loopback")
FORGOTTEN = "/sign-in/forgotten"


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls_context.cache_clear()
    server = MailServer(authority.server("localhost"), offers=("STARTTLS",))
    address = server.address.replace("mail.internal", "localhost")
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", internal_hosts(address))
    sender = MailSettings.of(server=address, sender="m@example.org", user="", password_file="")
    monkeypatch.setattr(settings, "MUNIMENT_MAIL", sender)
    yield server
    server.close()
    tls_context.cache_clear()


def sent(mail: MailServer) -> list[str]:
    """The links in what arrived, whole however the lines were broken."""
    run_due()
    text = re.sub(r"=$\n", "", "\n".join(mail.sealed), flags=re.MULTILINE)
    return re.findall(r"https?://\S+#\S+", text)


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password(mail: MailServer, bob: Person) -> None:
    phone = enable(bob)
    Client().post(FORGOTTEN, {"email": "Bob@Example.org"})
    (link,) = sent(mail)
    assert link.startswith("http://localhost:8000/sign-in/new-password#")
    assert follow(link, "short").status_code == 422
    assert follow(link).headers["Location"] == "/sign-in"
    assert not is_signed_in(bob.client)
    assert sign_in(Client(), bob.user.email, PASSWORD).status_code == 422
    assert second_step(first_step(bob, password=NEW), phone.codes[0]).status_code == 302  # the second factor stays
    assert follow(link).status_code == 422  # once


@pytest.mark.django_db(transaction=True)
def test_a_link_is_good_for_15_minutes_and_until_another_was_used(mail: MailServer, bob: Person) -> None:
    for _ in range(2):
        Client().post(FORGOTTEN, {"email": bob.user.email})
    first, second = sent(mail)
    with frozen(now() + timedelta(minutes=16)):
        assert follow(first).status_code == 422
    assert follow(second).status_code == 302
    assert follow(first).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_whose_address_it_is(mail: MailServer, bob: Person) -> None:
    assert "Confirm it" in bob.client.get("/profile").content.decode()
    bob.client.post("/profile/verify-email")
    (link,) = sent(mail)
    path, _, token = link.partition("#")
    assert follow(link.replace("verify-email", "new-password")).status_code == 422  # good for its own purpose alone
    assert Client().post(path.removeprefix("http://localhost:8000"), {"token": token}).status_code == 302
    bob.user.refresh_from_db()
    assert bob.user.email_verified_at


@pytest.mark.django_db(transaction=True)
def test_who_has_an_account_is_not_told(mail: MailServer, bob: Person) -> None:
    """Attacker: asks for one address after the other (enumeration), and looks at the answers and at what they cost."""
    pages, kinds = set(), []
    for email in (bob.user.email, "nobody@example.org"):
        answer = Client().post(FORGOTTEN, {"email": email})
        pages.add(
            (answer.status_code, re.sub(r'name="csrf\w+" value="\w+"|nonce="[^"]*"', "", answer.content.decode()))
        )
        kinds.append(list(Job.objects.filter(state="waiting").values_list("kind", flat=True)))
        run_due()
    assert len(pages) == 1
    assert kinds[0] == kinds[1] == ["accounts:send_link"]
    assert len(sent(mail)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_ORIGIN", "HTTP_FORWARDED"])
def test_the_link_leads_to_the_configured_address(mail: MailServer, bob: Person, header: str) -> None:
    """Attacker: asks for Bob's link under a Host of his own, so that it leads Bob to his server (reset poisoning)."""
    Client(**{header: "evil.example"}).post(FORGOTTEN, {"email": bob.user.email})
    Client().post(FORGOTTEN, {"email": bob.user.email})
    assert all(link.startswith("http://localhost:8000/") for link in sent(mail))
    assert "evil" not in "\n".join(mail.sealed)


@pytest.mark.django_db(transaction=True)
def test_without_a_mail_server_the_page_says_whom_to_ask(bob: Person) -> None:
    page = Client().post(FORGOTTEN, {"email": bob.user.email})
    assert "sends no mail" in page.content.decode()
    assert not Job.objects.exists()
    assert bob.client.post("/profile/verify-email").status_code == 404
