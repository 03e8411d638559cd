"""What begins a sign-in may be lost with the power; who is signed in stays it."""

import pytest
from django.test import Client

from muniment.accounts.models import Session
from tests.cast import Person
from tests.core.test_some_writes_may_be_lost import FULL, NORMAL, waits
from tests.sso.team_with_provider import SamlTeam

pytestmark = pytest.mark.django_db(transaction=True)


def test_for_a_session_of_somebody_and_not_for_one_of_nobody(
    acme: SamlTeam, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, int]] = []
    made = Session.objects.bulk_create

    def noting(rows: list[Session], **named: object) -> object:
        seen.append((rows[0].user_id is not None, waits()))
        return made(rows, **named)

    monkeypatch.setattr(Session.objects, "bulk_create", noting)
    assert acme.sign_in(Client(), bob.user.email).status_code == 302
    assert seen == [(False, NORMAL), (True, FULL)]
