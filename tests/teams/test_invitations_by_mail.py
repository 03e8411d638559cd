"""An invitation goes out by mail, to a real mail server on this machine, and is accepted by the link that arrived. A
server that refuses, offers no encryption or is down is told of, and nothing is kept."""

import logging
import re

import pytest
from django.conf import settings
from django.test import Client

from muniment.core.network.addresses import internal_hosts
from muniment.core.network.mail import MailSettings
from muniment.jobs.models import Job
from muniment.jobs.services import run_due
from muniment.teams.models import Invitation, Membership
from muniment.teams.types import Role
from tests.accounts.mail_received import letters
from tests.cast import PASSWORD, Person
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]
DORA = "dora@example.org"
FORM = {"email": DORA, "role": "builder", "days": "7"}


def link_in(letter: str) -> str:
    (link,) = re.findall(r"https?://\S+#\S+", letter)
    return str(link)


def test_it_is_accepted_by_the_link_that_arrived(mail: MailServer, alice: Person) -> None:
    answer = alice.client.post("/members/invite", FORM)
    assert answer.headers["Location"] == "/members"
    assert "#" not in answer.content.decode()
    received = letters(mail)
    assert set(received) == {DORA}
    assert "Reading Room" in received[DORA]
    link = link_in(received[DORA])
    assert link.startswith("http://localhost:8000/invitation#")
    browser = Client()
    given = {"token": link, "name": "Dora", "password": PASSWORD, "password_again": PASSWORD}
    assert browser.post("/invitation", given).headers["Location"] == "/"
    assert Membership.objects.get(user__email=DORA).role == Role.BUILDER
    assert browser.get("/agents").status_code == 200
    assert Client().post("/invitation", given).status_code == 422
    assert not [word for word in mail.clear if "@" in word or "#" in word]  # before STARTTLS nothing is said


def test_an_owners_seat_goes_by_mail_alone(mail: MailServer, alice: Person) -> None:
    alice.client.post("/members/invite", FORM | {"role": "owner"})
    assert Invitation.objects.get().role == Role.OWNER
    assert DORA in letters(mail)


def sender(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    address = server.address.replace("mail.internal", "localhost")
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", internal_hosts(address))
    using = MailSettings.of(server=address, sender="m@example.org", user="", password_file="")
    monkeypatch.setattr(settings, "MUNIMENT_MAIL", using)


@pytest.mark.parametrize(
    ("offers", "refuses", "said"),
    [
        ((), (), "offers no encryption"),
        (("STARTTLS",), ("RCPT",), "refuses the sender or the recipient"),
        (("STARTTLS",), ("MAIL",), "refuses the sender or the recipient"),
        (("STARTTLS",), ("DATA",), "broke the conversation off"),
    ],
)
def test_a_server_that_does_not_take_it_is_told_of(
    mail: MailServer,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
    offers: tuple[str, ...],
    refuses: tuple[str, ...],
    said: str,
) -> None:
    server = MailServer(mail.tls, offers=offers, refuses=refuses)
    sender(server, monkeypatch)
    try:
        answer = alice.client.post("/members/invite", FORM)
    finally:
        server.close()
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "PRIVATE WORDS" not in page
    assert f'value="{DORA}"' in page  # what was typed is kept, the invitation is not
    assert not Invitation.objects.exists()


def test_a_server_that_is_down(mail: MailServer, alice: Person, bob: Person) -> None:
    """The invitation says so at once. A reset, whose page tells nobody anything, waits and is sent later."""
    mail.close()
    answer = alice.client.post("/members/invite", FORM)
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)
    assert Client().post("/sign-in/forgotten", {"email": bob.user.email}).status_code == 200
    run_due()
    job = Job.objects.get(kind="accounts:send_link")
    assert (job.state, job.failures) == ("waiting", 1)


def test_logs_name_nobody(
    mail: MailServer,
    alice: Person,
    bob: Person,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Neither whom a message is for, nor what is in it; also where it is not taken."""
    caplog.set_level(logging.DEBUG)
    alice.client.post("/members/invite", FORM)
    Client().post("/sign-in/forgotten", {"email": bob.user.email})
    received = letters(mail)
    mail.close()
    alice.client.post("/members/invite", FORM | {"email": "eve@example.org"})
    Client().post("/sign-in/forgotten", {"email": bob.user.email})
    run_due()
    printed = "".join(capfd.readouterr()) + caplog.text
    assert "muniment.request" in caplog.text
    for word in ("dora", "eve@", "bob@", *(link_in(one).rpartition("#")[2] for one in received.values())):
        assert word not in printed
