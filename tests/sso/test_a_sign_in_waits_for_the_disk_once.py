"""What begins a sign-in may be lost with the power; who is signed in stays it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Person
from tests.core.test_some_writes_may_be_lost import FULL, waits
from tests.sso.team_with_provider import SamlTeam

pytestmark = pytest.mark.django_db(transaction=True)


def test_for_the_session_and_its_event_and_not_for_what_leads_there(acme: SamlTeam, bob: Person) -> None:
    acme.sign_in(Client(), bob.user.email)
    browser = Client()
    with CaptureQueriesContext(connection) as asked:
        assert acme.sign_in(browser, bob.user.email).status_code == 302
    quick, lasting, is_quick = "", "", False
    for said in (one["sql"] for one in asked.captured_queries):
        if said.startswith("PRAGMA synchronous"):
            is_quick = said.endswith("NORMAL")
        elif is_quick:
            quick += said
        else:
            lasting += said
    assert waits() == FULL
    for written in ("sso_arrival", 'INSERT INTO "accounts_session"'):
        assert written in quick, written
        assert written not in lasting, written
    for written in ("audit_outbox", 'UPDATE "accounts_session"', "sso_takenstatement"):
        assert written in lasting, written
        assert written not in quick, written
    assert (quick + lasting).count('FROM "accounts_user" WHERE') == 0  # it comes with the identity
