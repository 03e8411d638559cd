from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from muniment.core.clock import now
from muniment.core.ids import new_id


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
    name = models.CharField(max_length=200, blank=True)
    ref = models.CharField(max_length=26, unique=True, default=new_id, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

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

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"


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
