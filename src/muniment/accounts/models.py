from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from muniment.accounts.types import NAME_LENGTH, LinkPurpose
from muniment.core.clock import now
from muniment.core.ids import new_id


def a_day_on() -> datetime:
    """How long an asked for change waits for the mail server to take its link."""
    return now() + timedelta(days=1)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalise(username or ""))

    @staticmethod
    def normalise(email: str) -> str:
        """One person, one spelling: addresses are compared and stored in lower case."""
        return email.strip().lower()


class User(AbstractBaseUser):
    """A person who can sign in. `ref` is the random reference by which the audit log knows the person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    ref = models.CharField(max_length=26, unique=True, default=new_id, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)  # empty: what the browser asks for
    time_zone = models.CharField(max_length=60, blank=True)  # of the IANA database; empty: UTC

    last_login = None  # nobody asks for it: each session says when it began
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.ref


class Session(AbstractBaseSession):
    """A visit, signed in or not. What is beside the data is what its owner may see and end."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=26, blank=True)  # id of the team whose identity provider opened it

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"


class AuthenticatorApp(models.Model):
    """The app on a person's phone that makes codes. The seed is sealed under the account key.

    `last_counter` is the step of the last code that was accepted (RFC 6238): it only grows.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator_app")
    name = models.CharField(max_length=60)
    seed = models.BinaryField()
    last_counter = models.BigIntegerField()
    created_at = models.DateTimeField(default=now, editable=False)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that opens the account once in place of the phone. Known here as a digest under the account key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Passkey(models.Model):
    """A credential of WebAuthn: a passkey of a phone or computer, or a security key.

    `credential` is what the authenticator attested (`fido2.webauthn.AttestedCredentialData`): public. `counter` is the
    highest signature counter seen; authenticators that keep none say 0 for ever.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    handle = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField()
    counter = models.BigIntegerField()
    created_at = models.DateTimeField(default=now, editable=False)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class TrustedBrowser(models.Model):
    """A browser that is not asked for the second factor. Its cookie holds a token known here as a hash."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trusted_browsers")
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits
    device = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=now, editable=False)
    used_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class AccountLink(models.Model):
    """A link that sets a new password once, or shows that an e-mail address is its person's. Kept for 90 days, so that
    the person can see who fetched one; of its token a hash alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=[(one.value, one.value) for one in LinkPurpose])
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits
    fetched_by = models.CharField(max_length=26)  # the reference of an actor; "system" where it went out by mail
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}/{self.purpose}"


class EmailChange(models.Model):
    """A new address that a person asked for; `was` is the one before, which is told. Of the link's token a hash alone.

    `asked_by`: "system" where the link goes out by mail, else the reference of who fetched it to hand it over.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField()
    was = models.EmailField()
    token_hash = models.BinaryField(max_length=32, unique=True, null=True)  # SHA-256 of 256 random bits
    asked_by = models.CharField(max_length=26)
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(default=a_day_on)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class CacheEntry(models.Model):
    """What Django's database cache keeps: counts of attempts, shared by all server processes, gone when they expire.

    The columns are Django's (`django.core.cache.backends.db`).
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
