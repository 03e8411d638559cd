"""Why somebody was not let in, and what is wrong with a provider, as sentences for people."""

from enum import StrEnum

from muniment.core.cleaning import one_line
from muniment.core.errors import PermanentError, TransientError

LONGEST = 200  # characters of what a provider says that are shown


class Refusal(StrEnum):
    """Why a sign-in, or a provider's message about signing out, came to nothing, as the log says it."""

    STATE = "state"  # the answer belongs to no sign-in of this browser
    ISSUER = "issuer"  # another provider answers than was asked
    DENIED = "denied"  # the provider, or the person there, said no
    ANSWER = "answer"  # the answer is not of the form it should have
    CODE = "code"  # the provider does not take the code
    CLIENT = "client"  # the provider does not take our id or secret
    TOKEN = "token"  # noqa: S105 - no password: the id token is not of the form it should have
    ALGORITHM = "algorithm"
    KEY = "key"  # the provider publishes no such key
    SIGNATURE = "signature"
    AUDIENCE = "audience"  # the token is for somebody else
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NONCE = "nonce"  # the token belongs to another sign-in
    ACCESS_TOKEN = "access_token"  # noqa: S105 - no password: the id token names another access token
    STALE = "stale"  # the person did not sign in anew
    SUBJECT = "subject"  # it is not said who it is, or two different things are
    EVENT = "event"  # the logout token does not say, or not only, that somebody was signed out


class ProviderError(PermanentError):
    """What the provider publishes or answers cannot be used: who set it up can mend it, there or here."""


class ProviderUnavailableError(TransientError):
    """The provider has a fault or is overloaded."""


class SignInRefusedError(PermanentError):
    """Nobody was signed in. `said`: the provider's own words (`shown`), which a page escapes like anybody's."""

    def __init__(self, reason: Refusal, *, said: str = "") -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason
        self.said = shown(said)


class LogoutTokenRefusedError(PermanentError):
    """Nobody is signed out by this token. The sentence is for who runs the provider, in whose log it ends up."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__("This logout token is refused ({reason}), and nobody is signed out by it.", reason=reason)
        self.reason = reason


def shown(text: str) -> str:
    """What another server wrote, as people may be shown it: the first `LONGEST` visible characters, on one line."""
    return one_line(text[: 2 * LONGEST])[:LONGEST]


_FORGED = "The provider's answer is not one that is trusted, so nobody was signed in."
_ADMIN = "An administrator of your team can check the connection to the provider."

_SENTENCES = {
    Refusal.STATE: "This answer belongs to no sign-in that was begun in this browser. Begin to sign in again.",
    Refusal.ISSUER: f"{_FORGED} Another provider answered than was asked. Begin to sign in again.",
    Refusal.DENIED: "The provider did not sign you in. Try again, or ask who looks after the provider.",
    Refusal.ANSWER: f"The provider's answer is incomplete. Begin to sign in again. If that does not help: {_ADMIN}",
    Refusal.CODE: "The provider does not take its own code: it was used or is too old. Begin to sign in again.",
    Refusal.CLIENT: f"The provider does not accept this server. {_ADMIN} Its client id or secret may be out of date.",
    Refusal.TOKEN: f"{_FORGED} {_ADMIN}",
    Refusal.ALGORITHM: f"The provider signs in a way that is not trusted. {_ADMIN}",
    Refusal.KEY: f"{_FORGED} It names a key that the provider does not publish. Try again in a minute.",
    Refusal.SIGNATURE: f"{_FORGED} Its signature is wrong.",
    Refusal.AUDIENCE: f"{_FORGED} It is meant for another server. {_ADMIN}",
    Refusal.EXPIRED: "The provider's answer is too old. Begin to sign in again; the clock of a server may be wrong.",
    Refusal.NOT_YET: "The provider's answer is dated in the future. The clock of one of the two servers is wrong.",
    Refusal.NONCE: f"{_FORGED} It belongs to another sign-in. Begin to sign in again.",
    Refusal.ACCESS_TOKEN: f"{_FORGED} Its parts do not belong together. Begin to sign in again.",
    Refusal.STALE: "The provider did not ask you to sign in anew, which is needed here. Sign out there and try again.",
    Refusal.SUBJECT: f"The provider does not say plainly who you are. {_ADMIN}",
}
