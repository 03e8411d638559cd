from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from muniment.api import health
from muniment.crypto.errors import RootKeyError
from muniment.jobs import queue
from tests.cast import Person


def test_alive_is_all_it_says(alice: Person) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert Client().post("/healthz").status_code == 405


def test_ready_when_every_part_works(alice: Person) -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "database": "ok",
        "keys": "ok",
        "model": "ok",
        "worker": "failing",
        "detector": "ok",
    }
    queue.enlist()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


@pytest.mark.parametrize(
    ("part", "error"),
    [("database", DatabaseError("secret")), ("keys", RootKeyError("secret")), ("model", OSError("secret"))],
)
def test_a_part_that_raises_is_named_and_nothing_else(
    alice: Person, monkeypatch: pytest.MonkeyPatch, part: str, error: Exception
) -> None:
    def broken() -> bool:
        raise error

    queue.enlist()
    monkeypatch.setattr(health, "PARTS", dict(health.PARTS) | {part: broken})
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"][part] == "failing"
    assert "secret" not in answer.content.decode()


def test_metrics_are_there_only_when_switched_on(alice: Person, settings: Any) -> None:
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404
    settings.MUNIMENT_METRICS = True
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200


def test_metrics_are_for_this_machine_and_for_owners(alice: Person, bob: Person, settings: Any) -> None:
    settings.MUNIMENT_METRICS = True
    elsewhere = "198.51.100.9"
    assert Client().get("/metrics", REMOTE_ADDR=elsewhere).status_code == 404
    assert bob.client.get("/metrics", REMOTE_ADDR=elsewhere).status_code == 404
    assert alice.client.get("/metrics", REMOTE_ADDR=elsewhere).status_code == 200
    forged = {"X-Forwarded-For": "127.0.0.1"}
    assert Client().get("/metrics", REMOTE_ADDR=elsewhere, headers=forged).status_code == 404


def test_metrics_are_numbers_without_names(alice: Person, settings: Any) -> None:
    settings.MUNIMENT_METRICS = True
    answer = Client().get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = dict(line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    assert samples['muniment_ready{part="worker"}'] == "0"
    assert samples["muniment_teams"] == "1"
    assert alice.team.name not in answer.content.decode()
