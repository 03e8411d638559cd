"""What a real mail server on this machine received, encrypted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.core.network.addresses import internal_hosts
from muniment.core.network.connecting import tls_context
from muniment.core.network.mail import MailSettings
from muniment.jobs.services import run_due
from tests.core.authority import Authority
from tests.core.test_mail_out import MailServer


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


def letters(mail: MailServer) -> dict[str, str]:
    """By addressee, all that came for him, whole however the lines were broken."""
    run_due()
    text = re.sub(r"=$\n", "", "\n".join(mail.sealed), flags=re.MULTILINE)
    found: dict[str, str] = {}
    for letter in re.split(r"^MAIL FROM:", text, flags=re.MULTILINE | re.IGNORECASE)[1:]:
        (to,) = re.findall(r"^RCPT TO:<(\S+)>", letter, re.MULTILINE | re.IGNORECASE)
        found[to] = found.get(to, "") + letter
    return found
