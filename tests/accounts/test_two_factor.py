"""Two-factor authentication with an app: on, off, its name, its recovery codes."""

import base64
from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import AuthenticatorApp, RecoveryCode, Session
from muniment.accounts.sessions import SessionStore
from muniment.audit.models import Outbox
from muniment.core.clock import frozen, now
from tests.accounts.second_factors import ENABLE, confirm, enable, first_step, second_step, shown_codes, shown_key
from tests.accounts.signing_in import is_signed_in
from tests.cast import Person

LATER = timedelta(seconds=60)
SECURITY = "/profile/security"


def test_enable_asks_for_the_password_first(bob: Person) -> None:
    asked = bob.client.get(ENABLE)
    assert asked.headers["Location"] == f"/confirm?next={ENABLE.replace('/', '%2F')}"
    assert confirm(bob.client, "wrong").status_code == 422
    assert bob.client.get(ENABLE).status_code == 302
    assert confirm(bob.client, after=ENABLE).headers["Location"] == ENABLE
    assert bob.client.get(ENABLE).status_code == 200


def test_a_confirmation_lasts_ten_minutes(bob: Person) -> None:
    confirm(bob.client)
    with frozen(now() + timedelta(minutes=9)):
        assert bob.client.get(ENABLE).status_code == 200
    with frozen(now() + timedelta(minutes=11)):
        assert bob.client.get(ENABLE).status_code == 302


def test_the_whole_way(bob: Person) -> None:
    phone = enable(bob, name="Bob's old phone")
    assert len(set(phone.codes)) == 10
    page = bob.client.get(SECURITY).content.decode()
    assert "Bob&#x27;s old phone" in page
    assert "10 are left" in page
    with frozen(now() + LATER):
        client = first_step(bob)
        assert not is_signed_in(client)
        assert second_step(client, phone.shows()).headers["Location"] == "/"
        assert is_signed_in(client)


def test_a_wrong_code_enables_nothing_and_keeps_the_key(bob: Person) -> None:
    confirm(bob.client)
    key = shown_key(bob.client)
    assert bob.client.post(ENABLE, {"name": "Phone", "code": "000000"}).status_code == 422
    assert shown_key(bob.client) == key
    assert not AuthenticatorApp.objects.exists()


def test_spaces_in_a_code_do_not_matter(bob: Person) -> None:
    phone = enable(bob)
    with frozen(now() + LATER):
        code = phone.shows()
        assert second_step(first_step(bob), f" {code[:3]} {code[3:]}").status_code == 302


def test_codes_are_shown_once(bob: Person) -> None:
    phone = enable(bob)
    for address in (SECURITY, ENABLE):
        assert phone.codes[0] not in bob.client.get(address, follow=True).content.decode()
    assert phone.codes[0].encode() not in b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())


def test_codes_can_be_copied_downloaded_and_printed(bob: Person) -> None:
    confirm(bob.client)
    enable(bob)
    page = bob.client.post("/profile/two-factor/recovery-codes")
    text = page.content.decode()
    codes = shown_codes(page)
    assert "%0D%0A".join(codes) in text
    assert 'download="muniment-recovery-codes.txt"' in text
    assert "data-copy" in text
    assert "data-print" in text


def test_a_recovery_code_stands_in_for_the_phone(bob: Person) -> None:
    phone = enable(bob)
    assert second_step(first_step(bob), phone.codes[3].upper().replace("-", " ")).status_code == 302
    assert "9 are left" in bob.client.get(SECURITY).content.decode()


def test_new_codes_void_the_old_ones(bob: Person) -> None:
    phone = enable(bob)
    fresh = shown_codes(bob.client.post("/profile/two-factor/recovery-codes"))
    assert len(fresh) == 10
    assert second_step(first_step(bob), phone.codes[0]).status_code == 422
    assert second_step(first_step(bob), fresh[0]).status_code == 302


def test_the_name_can_be_changed(bob: Person) -> None:
    enable(bob)
    bob.client.post("/profile/two-factor/rename", {"name": "New phone"})
    assert "New phone" in bob.client.get(SECURITY).content.decode()


def test_disable_asks_for_the_password_and_ends_the_codes(bob: Person) -> None:
    enable(bob)
    with frozen(now() + timedelta(minutes=11)):
        assert bob.client.post("/profile/two-factor/disable").headers["Location"].startswith("/confirm?")
        assert AuthenticatorApp.objects.exists()
        confirm(bob.client)
        assert "your password alone" in bob.client.get("/profile/two-factor/disable").content.decode()
        bob.client.post("/profile/two-factor/disable")
    assert not AuthenticatorApp.objects.exists()
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("change", ["enable", "disable"])
def test_a_change_ends_all_other_sessions(bob: Person, change: str) -> None:
    if change == "disable":
        enable(bob)
    other = Client()
    other.force_login(bob.user)
    assert is_signed_in(other)
    if change == "enable":
        enable(bob)
    else:
        bob.client.post("/profile/two-factor/disable")
    assert not is_signed_in(other)
    assert is_signed_in(bob.client)


def test_a_seed_is_nowhere_in_clear(bob: Person) -> None:
    """Neither while enrolling, in the session, nor after, in the row; and not in the log."""
    confirm(bob.client)
    key = shown_key(bob.client)
    seed = base64.b32decode(key)
    kept = [str(SessionStore().decode(row.session_data)) for row in Session.objects.all()]
    assert any("enrolling" in row for row in kept)
    enable(bob)
    kept += [str(bytes(row.seed)) for row in AuthenticatorApp.objects.all()]
    kept += [str(bytes(row.body)) for row in Outbox.objects.all()]
    for written in (key, seed.hex(), base64.b64encode(seed).decode(), str(seed)[2:-1]):
        assert not any(written in row for row in kept)


def test_each_act_is_one_event(bob: Person) -> None:
    enable(bob)
    bob.client.post("/profile/two-factor/recovery-codes")
    bob.client.post("/profile/two-factor/rename", {"name": "Other"})
    bob.client.post("/profile/two-factor/disable")
    for kind in ("factor:create", "factor:rename", "factor:delete", "recovery_codes:create", "session:confirm"):
        assert sum(f"account:{kind}".encode() in bytes(row.body) for row in Outbox.objects.all()) == 1, kind
