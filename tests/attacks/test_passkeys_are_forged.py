"""Attacker: has a security key of his own, a copy of Bob's, a page of another site, or what Bob's browser sent. Move:
signs in as Bob with it. Guarantee: G-45."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from muniment.accounts.models import Passkey
from muniment.audit.models import Outbox
from muniment.core.network.listening import BaseUrl
from tests.accounts.second_factors import confirm, first_step
from tests.accounts.security_key import SecurityKey, add, options, registered, second_step_with, sign_in_with
from tests.accounts.signing_in import is_signed_in
from tests.cast import Person


def refused(key: SecurityKey) -> bool:
    client = Client()
    return sign_in_with(key, client).status_code == 422 and not is_signed_in(client)


def test_a_counter_that_goes_back_is_a_copy(bob: Person) -> None:
    key = registered(bob, counter=7)
    key.counter = 9
    assert sign_in_with(key).status_code == 302
    for seen in (9, 8, 1, 0):
        key.counter = seen
        assert refused(key)
        assert second_step_with(key, first_step(bob)).status_code == 422
    key.counter = 10
    assert sign_in_with(key).status_code == 302
    assert Passkey.objects.get().counter == 10
    assert sum(b"cloned_key" in bytes(row.body) for row in Outbox.objects.all()) == 8


def test_keys_that_do_not_count_stay_good(bob: Person) -> None:
    key = registered(bob)
    assert [sign_in_with(key).status_code for _ in range(3)] == [302] * 3


def test_a_passkey_of_somebody_else_makes_no_second_step(bob: Person, mallory: Person) -> None:
    registered(bob)
    hers = registered(mallory)
    client = first_step(bob)
    assert second_step_with(hers, client).status_code == 422
    assert not is_signed_in(client)
    confirm(bob.client)
    own = bob.client.post("/confirm", {"answer": hers.shows(options(bob.client))})
    assert own.status_code == 422


def test_a_passkey_of_somebody_else_that_says_it_is_bobs(bob: Person, mallory: Person) -> None:
    """The handle of the person is not signed; only the key counts."""
    his, hers = registered(bob), registered(mallory)
    hers.person = his.person
    assert refused(hers)
    assert refused(SecurityKey(handle=his.handle, person=his.person))  # his name, another private key
    assert not refused(his)


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9000"},
        {"origin": "http://localhost:8000.evil.example"},
        {"host": "evil.example"},
        {"verifies": False},
    ],
    ids=str,
)
def test_what_another_site_or_a_thief_without_the_pin_gets_signed(bob: Person, forged: dict[str, Any]) -> None:
    key = registered(bob)
    before = dict(vars(key))
    vars(key).update(forged)
    assert refused(key)
    vars(key).update(before)
    assert not refused(key)


def test_an_answer_is_good_once_and_for_its_own_challenge(bob: Person) -> None:
    key, client = registered(bob), Client()
    answer = key.shows(options(client))
    assert Client().post("/sign-in/passkey", {"answer": answer}).status_code == 422
    options(client)  # a new challenge
    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422
    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422  # none at all


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"id": 1}', '{"response": {}}', "null", '"x"'])
def test_nonsense_is_refused(bob: Person, answer: str) -> None:
    client = Client()
    options(client)
    assert client.post("/sign-in/passkey", {"answer": answer}).status_code == 422


def test_a_suspended_person_is_out(bob: Person) -> None:
    key = registered(bob)
    bob.user.is_active = False
    bob.user.save()
    assert refused(key)


def test_the_name_they_are_bound_to_is_the_configured_one(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attacker: has Bob's browser come by another name of the server."""
    assert Client(HTTP_HOST="127.0.0.1").post("/passkey/options").status_code != 200
    monkeypatch.setattr(settings, "MUNIMENT_BASE_URL", BaseUrl.parse("https://muniment.example.org"))
    confirm(bob.client)
    assert options(bob.client)["publicKey"]["rpId"] == "muniment.example.org"
    assert add(bob.client, SecurityKey()).status_code == 422
    monkeypatch.setattr(settings, "MUNIMENT_BASE_URL", BaseUrl.parse("https://192.0.2.1"))
    assert bob.client.get("/profile/passkeys/new").status_code == 404
