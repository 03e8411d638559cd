"""Attacker: sends hundreds of sign-ins at once. Move: has each of them want memory, the interpreter and the database,
until nobody else is answered. Guarantee: G-36; what a storm takes is measured by `python -m evaluations sign_in`."""

import threading

import pytest
from django.test import Client

from muniment.accounts import hashers
from tests.accounts.signing_in import sign_in
from tests.cast import Person


def test_those_that_wait_do_no_work(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """All places at the door are taken: a sign-in is told to try again, and other pages are answered meanwhile."""
    door = threading.BoundedSemaphore(1)
    monkeypatch.setattr(hashers, "_door", door)
    monkeypatch.setattr(hashers, "PATIENCE", 0.01)
    hashed: list[int] = []
    monkeypatch.setattr(hashers.ArgonHasher, "verify", lambda *_: hashed.append(1) or True)
    with door:
        assert sign_in(Client(), alice.user.email).status_code == 503
        assert hashed == []
        assert alice.client.get("/agents", follow=True).status_code == 200
        assert Client().get("/sign-in").status_code == 200
    assert sign_in(Client(), alice.user.email).status_code == 302
    assert hashed == [1]


def test_a_place_is_given_back_whatever_happens(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "_door", threading.BoundedSemaphore(1))
    for _ in range(3):
        assert sign_in(Client(), alice.user.email, "wrong").status_code == 422
    assert sign_in(Client(), alice.user.email).status_code == 302
