"""Why a message of SAML was refused: a word from a closed list for the log, and a sentence for a person.

Neither holds anything that the message said: it comes from whoever sent it, and may name people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from muniment.core.errors import PermanentError


class Refusal(StrEnum):
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    FORBIDDEN_MARKUP = "forbidden_markup"
    SHAPE = "shape"
    DUPLICATE_ID = "duplicate_id"
    STATUS = "status"
    ASSERTION_COUNT = "assertion_count"
    UNSIGNED = "unsigned"
    SIGNATURE_FORM = "signature_form"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    DECRYPTION = "decryption"
    ISSUER = "issuer"
    DESTINATION = "destination"
    AUDIENCE = "audience"
    RECIPIENT = "recipient"
    REQUEST = "request"
    CONFIRMATION = "confirmation"
    CONDITIONS = "conditions"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    TIME = "time"
    NAME_ID = "name_id"
    AUTHN_STATEMENT = "authn_statement"
    ADDRESS = "address"
    SEVERAL_PROVIDERS = "several_providers"
    NO_PROVIDER = "no_provider"
    CERTIFICATE = "certificate"


_AGAIN = "Sign in again from the beginning."
_ADMINISTRATOR = "Ask the administrator of your team to compare the settings of the connection with the provider's."

_SENTENCES = {
    Refusal.TOO_LARGE: f"What the sign-in provider sent is larger than such messages are. {_ADMINISTRATOR}",
    Refusal.UNREADABLE: f"What arrived from the sign-in provider is not a message of SAML 2.0. {_AGAIN}",
    Refusal.FORBIDDEN_MARKUP: (
        "The message of the sign-in provider holds comments, processing instructions or a document type, which such "
        f"messages never need. {_ADMINISTRATOR}"
    ),
    Refusal.SHAPE: f"The message of the sign-in provider is not built as SAML 2.0 demands. {_ADMINISTRATOR}",
    Refusal.DUPLICATE_ID: f"The message of the sign-in provider names two parts alike. {_ADMINISTRATOR}",
    Refusal.STATUS: f"The sign-in provider did not sign you in. {_AGAIN}",
    Refusal.ASSERTION_COUNT: f"The message of the sign-in provider must speak of one sign-in only. {_ADMINISTRATOR}",
    Refusal.UNSIGNED: f"The message of the sign-in provider is not signed. {_ADMINISTRATOR}",
    Refusal.SIGNATURE_FORM: f"The message is signed in a way that leaves open what is signed. {_ADMINISTRATOR}",
    Refusal.ALGORITHM: (
        "The sign-in provider signs or encrypts by a method that is no longer safe; it has to use SHA-256, RSA-OAEP. "
        f"{_ADMINISTRATOR}"
    ),
    Refusal.SIGNATURE: f"The message is not signed by the certificate that is known of the provider. {_ADMINISTRATOR}",
    Refusal.DECRYPTION: (
        "The encrypted message of the sign-in provider cannot be opened, or what is inside is not signed by the "
        f"provider. {_ADMINISTRATOR}"
    ),
    Refusal.ISSUER: f"The message comes from another sign-in provider than this connection's. {_ADMINISTRATOR}",
    Refusal.DESTINATION: f"The message was meant for another address. {_ADMINISTRATOR}",
    Refusal.AUDIENCE: f"The message was meant for another service. {_ADMINISTRATOR}",
    Refusal.RECIPIENT: f"The sign-in was meant for another address. {_ADMINISTRATOR}",
    Refusal.REQUEST: f"The message does not answer the request that was sent from here. {_AGAIN}",
    Refusal.CONFIRMATION: f"The provider does not say for whom and until when the sign-in is good. {_ADMINISTRATOR}",
    Refusal.CONDITIONS: f"The provider sets conditions that are not understood here. {_ADMINISTRATOR}",
    Refusal.EXPIRED: f"The message of the sign-in provider is too old. {_AGAIN}",
    Refusal.NOT_YET_VALID: (
        "The message of the sign-in provider comes from the future: one of the two clocks is wrong. "
        "Ask the administrators of both servers to set them by the network."
    ),
    Refusal.TIME: f"The message holds a time that cannot be read. {_ADMINISTRATOR}",
    Refusal.NAME_ID: f"The sign-in provider does not say who you are. {_ADMINISTRATOR}",
    Refusal.AUTHN_STATEMENT: f"The sign-in provider does not say that it signed you in. {_ADMINISTRATOR}",
    Refusal.ADDRESS: "The metadata name no address, or one that is not https. Ask the provider for new ones.",
    Refusal.SEVERAL_PROVIDERS: "The metadata describe several providers. Choose one of them by its entity id.",
    Refusal.NO_PROVIDER: "The metadata describe no such identity provider. Check that it is the provider's own file.",
    Refusal.CERTIFICATE: (
        "This is no certificate that can be used: an X.509 certificate with an RSA key of 2048 bits or more, or an "
        "elliptic one, as PEM, base64 or DER. Copy it again from the provider."
    ),
}


class SamlError(PermanentError):
    """A message of SAML is refused. `reason` is for code and the log, `str()` is the sentence to show.

    An unauthenticated sender may see the sentence, so that reasons which would tell him how far a forged ciphertext
    came are one and the same (`Refusal.DECRYPTION`).
    """

    def __init__(self, reason: Refusal) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


class AssertionRefusedError(SamlError):
    """Nobody is signed in by this response."""


class LogoutRefusedError(SamlError):
    """Nobody is signed out by this message."""


class CertificateRefusedError(SamlError):
    """What was given is no certificate, or one that is too weak."""

    def __init__(self) -> None:
        super().__init__(Refusal.CERTIFICATE)


class MetadataRefusedError(SamlError):
    """The metadata are not taken. `providers`: the entity ids that were found, if they are several."""

    def __init__(self, reason: Refusal, providers: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.providers = providers


@contextmanager
def refusing_as(error: type[AssertionRefusedError | LogoutRefusedError]) -> Iterator[None]:
    """What is refused inside is refused by this name."""
    try:
        yield
    except SamlError as refused:
        raise error(refused.reason) from None
