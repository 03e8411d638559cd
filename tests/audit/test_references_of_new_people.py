"""Each new person has a reference of their own, whose key was durable before; many who come wait for the disk once."""

import threading
from collections.abc import Callable

import pytest

from muniment.accounts.errors import EmailTakenError
from muniment.accounts.models import User
from muniment.accounts.services import make_vouched_user
from muniment.audit.references import MOST, SOON, References
from muniment.audit.sealing import account_key
from muniment.audit.services import forget_person
from muniment.crypto.keyring import Keyring
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many keys were made each time."""
    counts: list[int] = []
    create: Callable[..., object] = Keyring.create

    def counted(self: Keyring, *refs: object, **named: object) -> object:
        counts.append(len(refs))
        return create(self, *refs, **named)

    monkeypatch.setattr(Keyring, "create", counted)
    return counts


def take(references: References) -> str:
    with references.one() as ref:
        return ref


def accounts() -> int:
    return sum(ref.kind is KeyKind.ACCOUNT for ref, _ in keyring().refs(INSTANCE))


def test_one_key_is_made_for_one_person(made: list[int]) -> None:
    ref = take(References())
    assert made == [1]
    assert keyring().open(account_key(ref))


def test_many_who_come_at_once_wait_for_the_disk_a_few_times(made: list[int]) -> None:
    references = References()
    refs = [take(references) for _ in range(100)]
    assert len(set(refs)) == 100
    assert all(keyring().holds(account_key(ref)) for ref in refs)
    assert made == [1, 2, 4, 8, 16, MOST, MOST, MOST]


def test_later_one_key_is_made_again(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    references, moment = References(), [0.0]
    monkeypatch.setattr("muniment.audit.references.time.monotonic", lambda: moment[0])
    for _ in range(3):
        take(references)
    moment[0] = SOON
    take(references)
    assert made == [1, 2, 1]


def test_two_threads_are_never_given_the_same() -> None:
    references, taken = References(), list[str]()
    threads = [threading.Thread(target=lambda: taken.extend(take(references) for _ in range(50))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 200


def test_an_address_that_is_taken_costs_no_key() -> None:
    """A provider that sends everybody anew each night must not fill the keyring."""
    make_vouched_user(email="ada@example.org", name="Ada")
    before = accounts()
    for _ in range(MOST + 1):
        with pytest.raises(EmailTakenError):
            make_vouched_user(email="ada@example.org", name="Ada")
    assert accounts() <= before + 2


def test_who_comes_after_somebody_was_erased_has_another_key() -> None:
    gone = make_vouched_user(email="ada@example.org", name="Ada")
    User.objects.filter(pk=gone.pk).delete()
    forget_person(ref=gone.ref)
    again = make_vouched_user(email="ada@example.org", name="Ada")
    assert again.ref != gone.ref
    assert not keyring().holds(account_key(gone.ref))
    assert keyring().open(account_key(again.ref))


def test_one_whose_account_cannot_be_made_goes_to_the_next() -> None:
    references = References()
    with pytest.raises(ZeroDivisionError), references.one() as ref:
        raise ZeroDivisionError
    assert take(references) == ref


def test_one_whose_key_is_gone_is_given_to_nobody() -> None:
    """The keyring was put back from before it was made: a key that is gone stays gone."""
    references = References()
    with pytest.raises(ZeroDivisionError), references.one() as gone:
        raise ZeroDivisionError
    keyring().destroy([account_key(gone)])
    ref = take(references)
    assert ref != gone
    assert keyring().open(account_key(ref))
    assert not keyring().holds(account_key(gone))
