from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
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
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.ref
