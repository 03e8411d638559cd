"""Mail out, over a guarded connection: SMTP with TLS from the beginning, or with STARTTLS before anything is said."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from django.conf import settings

from muniment.core.actors import Actor
from muniment.core.network.addresses import Target
from muniment.core.network.connecting import Resolver, connect, tls_context
from muniment.core.network.errors import AnswerError, UnreachableError, UntrustedError
from muniment.core.network.types import Purpose

WAITING = 20.0  # seconds for each answer of the mail server


def send_mail(
    message: EmailMessage,
    *,
    server: Target,
    user: str,
    password: str,
    actor: Actor,
    resolver: Resolver | None = None,
) -> None:
    """Hands `message` to the mail server. Raises what `connect` raises, and AnswerError, without the server's words.

    Attack stopped: a server in the middle that leaves STARTTLS out of its greeting and is told the password in clear.
    """
    with _told(server):
        client = _Guarded(server, actor, resolver)
        try:
            if server.scheme == "smtp":
                client.starttls(context=tls_context())
            if user:
                client.login(user, password)
            client.send_message(message)
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


@contextmanager
def _told(server: Target) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise AnswerError(
            f"{server.host} offers no encryption, so nothing was said to it. Use smtps:// if it has that."
        ) from None
    except smtplib.SMTPAuthenticationError:
        raise AnswerError(
            f"{server.host} refuses the user or the password. Check MUNIMENT_SMTP_USER and its file."
        ) from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
        raise AnswerError(f"{server.host} refuses the sender or the recipient. Check MUNIMENT_SMTP_FROM.") from None
    except ssl.SSLCertVerificationError:
        raise UntrustedError(f"The certificate of {server.host} is not one this server trusts.") from None
    except (smtplib.SMTPException, OSError):
        raise UnreachableError(f"{server.host} broke the conversation off. Check its address and try again.") from None
