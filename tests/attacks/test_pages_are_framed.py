"""Attacker: lays our page, unseen, over a page of his own, and has Alice click what she does not see (clickjacking).
Move: frames any page of the product, signed in or not. Guarantee: G-51."""

import re

import pytest
from django.test import Client

from tests.accounts.second_factors import confirm
from tests.attacks.test_second_factors_are_passed_by import plain_addresses
from tests.cast import Person


@pytest.mark.parametrize("who", ["alice", "nobody"])
def test_no_page_may_be_framed(alice: Person, who: str) -> None:
    client = alice.client if who == "alice" else Client()
    if who == "alice":
        confirm(client)
    shown = 0
    for address in plain_addresses():
        answer = client.get(address)
        shown += answer.status_code == 200
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert re.search(r"frame-ancestors 'none'", answer.headers["Content-Security-Policy"]), address
    assert shown > (10 if who == "alice" else 4)  # pages that there is something to click on
