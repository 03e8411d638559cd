"""Which random references stand for persons. A reference is a row here, never a hash of anything.

With an HMAC of an address, whoever holds the key could find the person again after the erasure.
"""

from datetime import datetime

from django.db import transaction

from muniment.audit.models import Person, SealedDetail
from muniment.audit.sealing import account_key
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind


def introduce_person(*, ref: str) -> None:
    """From now on detail about `ref` (random, `core.ids`) is sealed under an account key. Harmless when repeated.

    An erased reference stays erased: its key is never made anew.
    """
    with transaction.atomic():
        known, _ = Person.objects.get_or_create(ref=ref)
        if not known.erased:
            keyring().ensure(account_key(ref))


def introduce_new_person(*, ref: str) -> None:
    """The same for one of `references`, whose key is there: nobody has erased or introduced it."""
    Person.objects.create(ref=ref)


def forget_person(*, ref: str) -> None:
    """Destroys the account key, then the sealed detail. Durable when it returns; every proof of the log stays valid.

    The key goes first and cannot be rolled back with the transaction: half an erasure errs on the side of erasure.
    """
    with transaction.atomic():
        Person.objects.update_or_create(ref=ref, defaults={"erased": True})
        keyring().destroy([account_key(ref)])
        SealedDetail.objects.filter(keys__contains=f"account:{ref}").delete()


def forget_strangers(*, before: datetime) -> int:
    """Destroys the day keys made before that moment, and what they sealed. Returns how many keys."""
    keys = [ref for ref, made in keyring().refs(INSTANCE) if ref.kind is KeyKind.DAY and made < before]
    keyring().destroy(keys)
    for key in keys:
        SealedDetail.objects.filter(keys__contains=f"day:{key.id}").delete()
    return len(keys)
