"""Attacker: has Bob's password and read one of his codes, over his shoulder, out of a forged page, or off a printed
sheet. Move: send it again, later, elsewhere, at the same moment, or in two processes. Guarantee: G-44."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from muniment.accounts.models import AuthenticatorApp
from muniment.accounts.services import begin_app, enable_app
from muniment.accounts.signing_in import _used
from muniment.accounts.types import SecondStep
from muniment.core.clock import frozen, now
from tests.accounts.second_factors import Phone, enable, first_step, second_step
from tests.cast import Person

STEP = timedelta(seconds=30)


@pytest.mark.parametrize("later", [0, 1, 31, 62])
def test_a_code_works_once_however_late_it_is_sent_again(bob: Person, later: int) -> None:
    """31 and 62 seconds: steps in which the drift that clocks are allowed still covers the code."""
    phone, moment = enable(bob), now() + 2 * STEP
    with frozen(moment):
        code = phone.shows(moment + STEP)  # of a phone whose clock runs ahead: good for longest
        assert second_step(first_step(bob), code).status_code == 302
    with frozen(moment + timedelta(seconds=later)):
        client = first_step(bob)
        assert second_step(client, code).status_code == 422
    with frozen(moment + 3 * STEP):
        assert second_step(client, phone.shows()).status_code == 302  # the next one works


def test_the_code_of_the_enrolment_counts(bob: Person) -> None:
    moment = now()
    with frozen(moment):
        phone = enable(bob)
        assert second_step(first_step(bob), phone.shows()).status_code == 422
    with frozen(moment + STEP):
        assert second_step(first_step(bob), phone.shows(moment)).status_code == 422
        assert second_step(first_step(bob), phone.shows()).status_code == 302


def test_an_earlier_code_is_void_after_a_later_one(bob: Person) -> None:
    phone, moment = enable(bob), now() + 3 * STEP
    with frozen(moment):
        assert second_step(first_step(bob), phone.shows()).status_code == 302
        assert second_step(first_step(bob), phone.shows(moment - STEP)).status_code == 422


def at_once(act: Callable[[], SecondStep | None], times: int = 6) -> list[SecondStep | None]:
    """What several processes would do at one moment: each thread has a connection to the database of its own."""
    results: list[SecondStep | None] = []
    start = threading.Barrier(times)

    def run() -> None:
        start.wait()
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_at_once_one_is_let_in(transactional_db: None, bob: Person) -> None:
    begun = begin_app(actor=bob.actor, user=bob.user)
    phone = Phone(begun.key.replace(" ", ""))
    past, later = now() - 4 * STEP, now()
    with frozen(past):
        codes = enable_app(actor=bob.actor, user=bob.user, sealed=begun.sealed, name="", code=phone.shows()) or []

    def with_app() -> SecondStep | None:
        with frozen(later):
            return _used(bob.user, phone.shows())

    assert sorted(map(str, at_once(with_app))) == ["None"] * 5 + [SecondStep.APP]
    used = at_once(lambda: _used(bob.user, codes[0]))
    assert sorted(map(str, used)) == ["None"] * 5 + [SecondStep.RECOVERY_CODE]
    assert AuthenticatorApp.objects.get().last_counter == int(later.timestamp()) // 30


OPENS = """
import sys
import django
django.setup()
from muniment.accounts.models import User
from muniment.accounts.signing_in import _used
user = User.objects.get(pk=sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(str(_used(user, sys.argv[2])), flush=True)
"""


def in_two_processes(whose: Person, code: str) -> list[str]:
    """What each of two processes of the same installation says to the code, which both are told at one moment."""
    homes = {"MUNIMENT_HOME": str(settings.MUNIMENT_HOME), "MUNIMENT_KEYS": str(settings.MUNIMENT_KEYS)}
    environment = {**os.environ, **homes, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS, str(whose.user.pk), code],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in started:
        assert one.stdout
        assert one.stdout.readline().strip() == "ready"
    for one in started:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate()[0].strip() for one in started]
    assert [one.returncode for one in started] == [0, 0]
    return said


def test_in_two_processes_one_is_let_in(transactional_db: None, bob: Person) -> None:
    """Nothing a process remembers counts: the step is in the row."""
    begun = begin_app(actor=bob.actor, user=bob.user)
    phone = Phone(begun.key.replace(" ", ""))
    with frozen(now() - 4 * STEP):
        enable_app(actor=bob.actor, user=bob.user, sealed=begun.sealed, name="", code=phone.shows())
    code = phone.shows()
    assert sorted(in_two_processes(bob, code)) == ["None", SecondStep.APP]
    assert in_two_processes(bob, code) == ["None", "None"]
