"""Who asks learns nothing of who has an account: unknown, wrong and suspended are one answer. Guarantee: G-40."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from muniment.accounts.hashers import ArgonHasher
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Person


def shown(response: HttpResponse, email: str) -> str:
    """The page without what differs for everybody: tokens, and the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return page.replace(email, "")


def test_one_answer_for_unknown_wrong_and_suspended(alice: Person, bob: Person) -> None:
    bob.user.is_active = False
    bob.user.save()
    pages = set()
    for email, password in (
        ("nobody@example.org", PASSWORD),
        (alice.user.email, "not her password"),
        (bob.user.email, PASSWORD),
    ):
        response = sign_in(Client(), email, password)
        assert response.status_code == 422
        assert "_auth_user_id" not in response.client.session
        pages.add(shown(response, email))
    assert len(pages) == 1
    assert sign_in(Client(), alice.user.email).status_code == 302


def test_an_unknown_address_costs_as_much_work_as_a_known_one(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    encode, verify = ArgonHasher.encode, ArgonHasher.verify
    monkeypatch.setattr(ArgonHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    monkeypatch.setattr(ArgonHasher, "verify", lambda *given: hashed.append(1) or verify(*given))
    counts = []
    for email in ("nobody@example.org", alice.user.email):
        hashed.clear()
        sign_in(Client(), email, "not her password")
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_spelling_of_the_address_does_not_matter(alice: Person) -> None:
    assert sign_in(Client(), "  ALICE@Example.ORG ").status_code == 302
