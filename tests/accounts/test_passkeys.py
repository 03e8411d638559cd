"""Passkeys: added, named, removed, shown to sign in, for the second step and to confirm."""

from django.test import Client

from muniment.accounts.models import Passkey, RecoveryCode
from muniment.audit.models import Outbox
from tests.accounts.second_factors import confirm, enable, first_step, second_step, shown_codes
from tests.accounts.security_key import NEW, SecurityKey, add, options, registered, second_step_with, sign_in_with
from tests.accounts.signing_in import is_signed_in
from tests.cast import Person

SECURITY = "/profile/security"


def events(kind: str) -> int:
    return sum(kind.encode() in bytes(row.body) for row in Outbox.objects.all())


def test_adding_one_asks_for_the_password_and_brings_recovery_codes(bob: Person) -> None:
    assert bob.client.get(NEW).headers["Location"].startswith("/confirm?")
    confirm(bob.client)
    codes = shown_codes(add(bob.client, SecurityKey(), "Blue key"))
    assert len(codes) == 10
    assert "Blue key" in bob.client.get(SECURITY).content.decode()
    assert second_step(first_step(bob), codes[0]).status_code == 302
    assert add(bob.client, SecurityKey(), "Second").status_code == 302  # no new codes
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    assert events("account:factor:create") == 2


def test_without_a_password(bob: Person) -> None:
    key = registered(bob)
    client = Client()
    assert sign_in_with(key, client).headers["Location"] == "/"
    assert is_signed_in(client)
    assert events('"method":"passkey"') == 1


def test_after_the_password(bob: Person) -> None:
    key = registered(bob, verifies=False)  # a key without a PIN is enough beside a password
    client = first_step(bob)
    assert not is_signed_in(client)
    assert second_step_with(key, client).headers["Location"] == "/"
    assert is_signed_in(client)


def test_confirming_with_one(bob: Person) -> None:
    key = registered(bob)
    client = Client()
    sign_in_with(key, client)
    assert client.get(NEW).status_code == 302
    sent = client.post("/confirm", {"answer": key.shows(options(client)), "next": NEW})
    assert sent.headers["Location"] == NEW
    assert client.get(NEW).status_code == 200


def test_what_is_asked_for_names_nobody_before_the_first_step(bob: Person) -> None:
    registered(bob)
    asked = options(Client())["publicKey"]
    assert asked["rpId"] == "localhost"
    assert "allowCredentials" not in asked
    assert asked["userVerification"] == "required"
    assert len(options(first_step(bob))["publicKey"]["allowCredentials"]) == 1


def test_renaming_and_removing(bob: Person, mallory: Person) -> None:
    registered(bob)
    passkey = Passkey.objects.get().pk
    for act in ("rename", "remove"):
        confirm(mallory.client)
        assert mallory.client.post(f"/profile/passkeys/{passkey}/{act}", {"name": "Mine"}).status_code == 404
    bob.client.post(f"/profile/passkeys/{passkey}/rename", {"name": "Red key"})
    assert "Red key" in bob.client.get(SECURITY).content.decode()
    other = Client()
    other.force_login(bob.user)
    bob.client.post(f"/profile/passkeys/{passkey}/remove")
    assert not Passkey.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert not is_signed_in(other)
    assert is_signed_in(bob.client)


def test_the_app_stays_when_a_passkey_goes(bob: Person) -> None:
    phone = enable(bob)
    registered(bob)
    bob.client.post(f"/profile/passkeys/{Passkey.objects.get().pk}/remove")
    assert second_step(first_step(bob), phone.codes[0]).status_code == 302
