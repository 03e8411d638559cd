"""Mail out, over a guarded connection: SMTP with TLS from the beginning, or with STARTTLS before anything is said."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from muniment.core.actors import Actor
from muniment.core.errors import SettingsError
from muniment.core.network.addresses import Target, split_address
from muniment.core.network.connecting import Resolver, connect, tls_context
from muniment.core.network.errors import AddressError, AnswerError, UnreachableError, UntrustedError
from muniment.core.network.types import Purpose

WAITING = 20.0  # seconds for each answer of the mail server
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`server`: None: no mail is sent. The password lies in a file, read when it is used."""

    server: Target | None
    sender: str
    user: str
    password_file: str

    @classmethod
    def of(cls, *, server: str, sender: str, user: str, password_file: str) -> "MailSettings":
        """SettingsError for what does not go together."""
        if not server:
            if sender or user or password_file:
                raise SettingsError("MUNIMENT_SMTP_SERVER is not set, others of MUNIMENT_SMTP are. Set it, or none.")
            return cls(None, "", "", "")
        if not _ADDRESS.fullmatch(sender):
            raise SettingsError("MUNIMENT_SMTP_FROM must be the e-mail address that messages come from.")
        if bool(user) is not bool(password_file):
            raise SettingsError(
                "MUNIMENT_SMTP_USER and MUNIMENT_SMTP_PASSWORD_FILE belong together. Set both, or none."
            )
        return cls(_server(server), sender, user, password_file)

    def password(self) -> str:
        """Raises SettingsError when the file cannot be read."""
        if not self.password_file:
            return ""
        try:
            return Path(self.password_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise SettingsError("The file that MUNIMENT_SMTP_PASSWORD_FILE names cannot be read.") from None


def send_mail(message: EmailMessage, *, mail: MailSettings, actor: Actor, resolver: Resolver | None = None) -> None:
    """Hands `message` to the mail server. Raises what `connect` raises, SettingsError, and AnswerError without the
    server's words.

    Attack stopped: a server in the middle that leaves STARTTLS out of its greeting and is told the password in clear.
    """
    server, password = mail.server, mail.password()
    if server is None:
        raise SettingsError("There is no mail server. The operator sets one with MUNIMENT_SMTP_SERVER.")
    with _told(server):
        client = _Guarded(server, actor, resolver)
        try:
            if server.scheme == "smtp":
                client.starttls(context=tls_context())
            if mail.user:
                client.login(mail.user, password)
            client.send_message(message)
            client.quit()
        finally:
            client.close()


class _Guarded(smtplib.SMTP):
    def __init__(self, server: Target, actor: Actor, resolver: Resolver | None) -> None:
        self._server = server
        self._actor = actor
        self._resolver = resolver
        # A name of its own for the greeting: smtplib would look this machine's up.
        super().__init__(server.host, server.port, settings.MUNIMENT_BASE_URL.host, timeout=WAITING)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - smtplib's hook
        connected = connect(
            self._server, actor=self._actor, purpose=Purpose.MAIL, timeout=timeout, resolver=self._resolver
        )
        connected.settimeout(timeout)
        return connected


def _server(written: str) -> Target:
    try:
        target, path = split_address(written)
    except AddressError:
        target, path = None, ""
    if target is None or target.scheme not in {"smtp", "smtps"} or path:
        raise SettingsError(
            "MUNIMENT_SMTP_SERVER must look like smtp://mail.example.org:587 (STARTTLS) or smtps://mail.example.org."
        )
    return target


@contextmanager
def _told(server: Target) -> Iterator[None]:
    host = server.host
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise AnswerError(
            "{host} offers no encryption, so nothing was said to it. Perhaps it has smtps://", host=host
        ) from None
    except smtplib.SMTPAuthenticationError:
        raise AnswerError("{host} refuses the user or the password. Check MUNIMENT_SMTP_USER.", host=host) from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
        raise AnswerError("{host} refuses the sender or the recipient. Check MUNIMENT_SMTP_FROM.", host=host) from None
    except ssl.SSLCertVerificationError:
        raise UntrustedError("The certificate of {host} is not one this server trusts.", host=host) from None
    except (smtplib.SMTPException, OSError):
        raise UnreachableError(
            "{host} broke the conversation off. Check its address and try again.", host=host
        ) from None
