"""Attacker: a stranger with a list of addresses. Move: signs in, asks for a new password, opens an invitation, asks for
a passkey's challenge, with one address after the other, and compares words, status, headers and what each costs
(enumeration). Guarantees: G-40, G-48. Whoever has an account, is suspended, or was never heard of: one answer, one
amount of the work that takes time."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from muniment.accounts.hashers import ArgonHasher
from muniment.jobs.models import Job
from muniment.teams.services import invite
from muniment.teams.types import Role
from tests.accounts.mail_received import sent
from tests.accounts.second_factors import enable
from tests.accounts.security_key import registered
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Person
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]
NOBODY = "nobody@example.org"
SECRET = re.compile(r'name="csrf\w+" value="\w+"|nonce="[^"]*"|"challenge": *"[^"]*"')


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time a password was hashed: the work that a clock would see from outside."""
    counted: list[int] = []
    encode, verify = ArgonHasher.encode, ArgonHasher.verify
    monkeypatch.setattr(ArgonHasher, "encode", lambda *given: counted.append(1) or encode(*given))
    monkeypatch.setattr(ArgonHasher, "verify", lambda *given: counted.append(1) or verify(*given))
    return counted


def told(answer: HttpResponse, email: str) -> tuple[Any, ...]:
    """All that comes back, but for the address that was typed and what is random in every answer."""
    headers = {name: SECRET.sub("", re.sub(r"nonce-[^']*", "", value)) for name, value in answer.headers.items()}
    headers.pop("Content-Length", None)
    return (
        answer.status_code,
        SECRET.sub("", answer.content.decode()).replace(f'value="{email}"', ""),
        json.dumps(headers, sort_keys=True),
        tuple(sorted(answer.cookies)),
    )


@pytest.fixture
def people(alice: Person, bob: Person, carol: Person) -> list[str]:
    """Known, known with second factors, suspended, and unknown."""
    enable(bob)
    carol.user.is_active = False
    carol.user.save()
    return [alice.user.email, bob.user.email, carol.user.email, NOBODY]


def costs(act: Callable[[str], HttpResponse], people: list[str], hashed: list[int]) -> Iterator[tuple[Any, int, int]]:
    """For each address: what was told, how often a password was hashed, how many statements wrote."""
    for email in people:
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = told(act(email), email)
        writes = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        yield answer, len(hashed), len([one for one in writes if "accounts_cache" not in one])


def test_by_signing_in(people: list[str], hashed: list[int]) -> None:
    found = list(costs(lambda email: sign_in(Client(), email, "not the password"), people, hashed))
    assert len({answer for answer, _, _ in found}) == 1
    assert {count for _, count, _ in found} == {1}
    suspended = told(sign_in(Client(), people[2], PASSWORD), people[2])
    assert suspended == found[0][0]
    assert sign_in(Client(), people[0], PASSWORD).status_code == 302


def test_by_asking_for_a_new_password(mail: MailServer, people: list[str], hashed: list[int]) -> None:
    found = list(costs(lambda email: Client().post("/sign-in/forgotten", {"email": email}), people, hashed))
    assert len(set(found)) == 1
    assert {count for _, count, _ in found} == {0}
    assert list(Job.objects.values_list("kind", flat=True)) == ["accounts:send_link"] * 4
    assert len(sent(mail)) == 2  # and two of the four have a mailbox with a link in it


def test_by_opening_an_invitation(alice: Person, people: list[str], hashed: list[int]) -> None:
    """Who has no link is told the same whatever he types; so is who holds a dead one of a known or unknown address."""
    dead = []
    for email in ("new@example.org", NOBODY):
        for _ in range(2):  # the second voids the first
            link = invite(actor=alice.actor, team=alice.team, email=email, role=Role.MEMBER).link or ""
            dead.append(link.rpartition("#")[2])
    form = {"name": "Dora", "password": PASSWORD, "password_again": PASSWORD}
    tokens = ["x", "a" * 43, dead[0], dead[2]]
    found = list(costs(lambda token: Client().post("/invitation", form | {"token": token}), tokens, hashed))
    assert {answer[0] for answer, _, _ in found} == {422}
    assert len({answer[1] for answer, _, _ in found}) == 1
    assert {(count, writes) for _, count, writes in found} == {(0, found[0][2])}
    assert Client().post("/invitation", form | {"token": dead[3]}).status_code == 302


def test_by_asking_for_a_passkeys_challenge(bob: Person, people: list[str], hashed: list[int]) -> None:
    """The challenge is for whoever has a passkey in his browser: no address is asked for, none changes the answer."""
    registered(bob)

    def challenged(email: str) -> HttpResponse:
        return Client().post("/passkey/options", {"email": email, "username": email, "user": email})

    found = list(costs(challenged, people, hashed))
    assert len({answer for answer, _, _ in found}) == 1
    assert {count for _, count, _ in found} == {0}
    options = json.loads(challenged(bob.user.email).content)
    assert not options.get("publicKey", options).get("allowCredentials")


def test_by_how_often_one_may_try(people: list[str]) -> None:
    """The limit of attempts comes for who is nobody as for who is somebody."""
    for email in people:
        statuses = [sign_in(Client(), email, "wrong", address=f"198.51.100.{one}").status_code for one in range(7)]
        assert statuses == [422] * 5 + [429] * 2, email
