from django.core.cache import cache
from django.test import Client

from muniment.audit.models import Outbox
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import Person


def attack(email: str, *, attempts: int = 12) -> int:
    """Wrong passwords from many addresses; the status of the last."""
    return [
        sign_in(Client(), email, "wrong every time", address=f"198.51.100.{number}").status_code
        for number in range(attempts)
    ][-1]


def test_an_account_is_guessed_at_five_times_in_five_minutes(alice: Person) -> None:
    assert attack(alice.user.email, attempts=5) == 422
    assert attack(alice.user.email, attempts=1) == 429
    assert sign_in(Client(), alice.user.email).status_code == 429


def test_other_spellings_and_host_names_are_the_same_account(alice: Person) -> None:
    for number in range(5):
        client = Client(SERVER_PORT=str(9000 + number))
        sign_in(client, "Alice@example.ORG" if number % 2 else alice.user.email, "wrong every time")
    assert sign_in(Client(SERVER_PORT="9100"), alice.user.email).status_code == 429


def test_failing_for_many_invented_people_does_not_clear_the_count(alice: Person) -> None:
    """Attacker: has many addresses, and fails for as many people as the counts have room for."""
    attack(alice.user.email, attempts=5)
    for number in range(600):
        cache.set(f"the-count-of-invented-person:{number}", [1.0], 300)
    assert sign_in(Client(), alice.user.email, "wrong every time").status_code == 429


def test_an_attack_does_not_lock_a_person_out_of_a_browser_of_hers(alice: Person, bob: Person) -> None:
    """Attacker: keeps the account at its limit from elsewhere. Guarantee: G-41."""
    own = Client()
    sign_in(own, alice.user.email)
    own.post("/sign-out")
    assert attack(alice.user.email) == 429
    assert sign_in(Client(), alice.user.email).status_code == 429  # a browser nobody knows waits
    assert sign_in(own, alice.user.email).status_code == 302
    assert is_signed_in(own)


def test_a_known_browser_is_limited_too_and_known_for_one_person_alone(alice: Person, bob: Person) -> None:
    own = Client()
    sign_in(own, bob.user.email)
    own.post("/sign-out")
    attack(alice.user.email)
    assert sign_in(own, alice.user.email).status_code == 429
    for number in range(5):
        assert sign_in(own, bob.user.email, "wrong", address=f"203.0.113.{number}").status_code == 422
    assert sign_in(own, bob.user.email).status_code == 429


def test_a_forged_cookie_is_no_known_browser(alice: Person) -> None:
    attack(alice.user.email)
    client = Client()
    client.cookies["known"] = '["x","y"]:1:forged'
    assert sign_in(client, alice.user.email).status_code == 429


def test_refused_attempts_are_events(alice: Person) -> None:
    attack(alice.user.email, attempts=6)
    kinds = [outbox.body for outbox in Outbox.objects.all() if b"account:session:refuse" in bytes(outbox.body)]
    assert len(kinds) == 6
    assert sum(b'"rate"' in bytes(body) for body in kinds) == 1
    assert all(alice.user.email.encode() not in bytes(body) for body in kinds)
