"""Mail goes out encrypted, through the guarded way, or a sentence says why not."""

import socket
import ssl  # noqa: TID251 - the other side of the door
import threading
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.errors import MunimentError, SettingsError
from muniment.core.network.addresses import internal_hosts
from muniment.core.network.connecting import tls_context
from muniment.core.network.errors import EgressRefusedError
from muniment.core.network.mail import MailSettings, send_mail
from tests.cast import Person
from tests.core.authority import Authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
PASSWORD = "mail-secret"


class MailServer:
    """Speaks SMTP with one client after the other. `offers`: what it says it can; `refuses`: verbs it turns down."""

    def __init__(self, tls: ssl.SSLContext, *, offers: tuple[str, ...], refuses: tuple[str, ...] = ()) -> None:
        self.clear: list[str] = []
        self.sealed: list[str] = []
        self.tls, self._offers, self._refuses = tls, offers, refuses
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"smtp://mail.internal:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                with connected, suppress(OSError):
                    self._speak(connected, self.clear)

    def _speak(self, line: socket.socket, heard: list[str]) -> None:
        if heard is self.clear:
            line.sendall(b"220 mail.internal\r\n")
        reader = line.makefile("r", newline="\r\n")
        for said in reader:
            verb = said.split()[0].upper() if said.split() else ""
            heard.append(said.strip())
            if verb in self._refuses:
                line.sendall(b"535 5.7.8 PRIVATE WORDS\r\n" if verb == "AUTH" else b"550 PRIVATE WORDS\r\n")
            elif verb == "EHLO":
                lines = ["mail.internal", *self._offers]
                line.sendall("".join(f"250{'-' if one is not lines[-1] else ' '}{one}\r\n" for one in lines).encode())
            elif verb == "STARTTLS":
                line.sendall(b"220 go on\r\n")
                with self.tls.wrap_socket(line, server_side=True) as sealed:
                    return self._speak(sealed, self.sealed)
            elif verb == "DATA":
                line.sendall(b"354 go on\r\n")
                while (body := reader.readline()) not in {".\r\n", ""}:
                    heard.append(body.strip())
                line.sendall(b"250 kept\r\n")
            else:
                line.sendall(b"235 ok\r\n" if verb == "AUTH" else b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
        return None


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    tls_context.cache_clear()
    yield made
    tls_context.cache_clear()


def _sent(server: MailServer, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", internal_hosts(server.address))
    mail = MailSettings.of(
        server=server.address, sender="m@example.org", user="me", password_file=str(folder / "password")
    )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "m@example.org", "alice@example.org", "Test"
    message.set_content("The words of the message")
    try:
        send_mail(message, mail=mail, actor=SYSTEM, resolver=lambda _host, _port: ["127.0.0.1"])
    finally:
        server.close()


def test_a_message_arrives_encrypted(authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = MailServer(authority.server("mail.internal"), offers=("STARTTLS", "AUTH PLAIN"))
    _sent(server, monkeypatch, tmp_path)
    assert [line.split()[0] for line in server.clear] == ["ehlo", "STARTTLS"]
    assert "The words of the message" in server.sealed
    assert any(line.startswith("AUTH PLAIN") for line in server.sealed)


@pytest.mark.parametrize(
    ("host", "offers", "refuses", "word"),
    [
        ("mail.internal", ("AUTH PLAIN",), (), "no encryption"),
        ("other.internal", ("STARTTLS", "AUTH PLAIN"), (), "certificate"),
        ("mail.internal", ("STARTTLS", "AUTH PLAIN"), ("AUTH",), "user or the password"),
        ("mail.internal", ("STARTTLS", "AUTH PLAIN"), ("RCPT",), "recipient"),
    ],
)
def test_why_not_is_said_and_no_password_in_clear(
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    host: str,
    offers: tuple[str, ...],
    refuses: tuple[str, ...],
    word: str,
) -> None:
    server = MailServer(authority.server(host), offers=offers, refuses=refuses)
    with pytest.raises(MunimentError, match=word) as raised:
        _sent(server, monkeypatch, tmp_path)
    assert "PRIVATE" not in str(raised.value)
    assert [
        line.split()[0].upper() for line in server.clear if line.split()[0].upper() not in {"EHLO", "STARTTLS"}
    ] == []


def test_a_server_inside_that_is_not_listed_is_refused() -> None:
    mail = MailSettings.of(server="smtp://127.0.0.1:25", sender="m@example.org", user="", password_file="")
    with pytest.raises(EgressRefusedError):
        send_mail(EmailMessage(), mail=mail, actor=SYSTEM)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"sender": "m@example.org"}, "MUNIMENT_SMTP_SERVER"),
        ({"server": "mail.example.org", "sender": "m@example.org"}, "MUNIMENT_SMTP_SERVER"),
        ({"server": "https://mail.example.org", "sender": "m@example.org"}, "MUNIMENT_SMTP_SERVER"),
        ({"server": "smtp://mail.example.org"}, "MUNIMENT_SMTP_FROM"),
        ({"server": "smtp://mail.example.org", "sender": "m@a\r\nBcc: x@y"}, "MUNIMENT_SMTP_FROM"),
        ({"server": "smtp://mail.example.org", "sender": "m@example.org", "user": "me"}, "PASSWORD_FILE"),
    ],
)
def test_settings_that_do_not_go_together_stop_the_start(given: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        MailSettings.of(**{"server": "", "sender": "", "user": "", "password_file": "", **given})


def test_an_owner_sends_himself_a_test_message(alice: Person) -> None:
    """Without a mail server the page says so."""
    response = alice.client.post("/server/mail/test", follow=True)
    assert "No message went out. There is no mail server" in response.content.decode()
