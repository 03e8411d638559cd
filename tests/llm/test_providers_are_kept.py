"""A provider belongs to its team; its key is sealed, shown never again, and goes to the host it was typed for alone."""

import pytest
from django.db import connection

from muniment.audit.models import Outbox
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.registries import outbound_gates
from muniment.llm.errors import ProviderError
from muniment.llm.models import Provider
from muniment.llm.selectors import provider, providers
from muniment.llm.services import add_provider, remove_provider, set_budget, try_provider, update_provider
from tests.cast import Person
from tests.llm.conftest import Providing, connect
from tests.llm.fake_provider import failure, in_turn, said

ELSEWHERE = {"name": "Elsewhere", "base_url": "https://models.example.org/v1", "model": "large", "key": "sk-secret-1"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]


def _kinds() -> list[str]:
    kinds = ("team:provider:create", "team:provider:update", "team:provider:delete", "team:provider:try")
    return [kind for row in Outbox.objects.order_by("pk") for kind in kinds if f'"{kind}"'.encode() in bytes(row.body)]


def test_the_key_is_nowhere_in_clear(alice: Person) -> None:
    made = add_provider(actor=alice.actor, **ELSEWHERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM llm_provider")
        assert "sk-secret-1" not in str(cursor.fetchall())
    assert b"sk-secret-1" not in b"".join(bytes(row.body) for row in Outbox.objects.all())
    assert b"sk-secret-1" not in bytes(made.sealed_key or b"")


def test_a_key_goes_to_no_other_host(alice: Person) -> None:
    made = add_provider(actor=alice.actor, **ELSEWHERE)
    for base_url in ("https://evil.example.org/v1", "https://models.example.org:8443/v1"):
        with pytest.raises(ProviderError, match="Type it again"):
            update_provider(actor=alice.actor, provider=made.pk, base_url=base_url)
    kept = update_provider(actor=alice.actor, provider=made.pk, base_url="https://models.example.org/v2")
    assert kept.base_url.endswith("/v2")


def test_a_row_changed_behind_our_back_opens_no_key(alice: Person) -> None:
    """As with a hand on the control plane: the seal names the host."""
    made = add_provider(actor=alice.actor, **ELSEWHERE)
    Provider.objects.filter(pk=made.pk).update(base_url="https://evil.example.org/v1")
    trial = try_provider(actor=alice.actor, provider=made.pk)
    assert "does not open for its address" in trial.sentence


def test_what_is_changed_is_recorded(alice: Person, provide: Providing) -> None:
    made = connect(alice, provide(lambda _: said("ready")))
    update_provider(actor=alice.actor, provider=made.pk, name="Here", key="")
    assert provider(alice.actor, made.pk).sealed_key is None
    trial = try_provider(actor=alice.actor, provider=made.pk)
    assert (trial.answered, trial.models, trial.sentence) == (True, ("tiny", "large"), "")
    remove_provider(actor=alice.actor, provider=made.pk)
    assert _kinds() == [f"team:provider:{act}" for act in ("create", "update", "try", "delete")]


def test_a_trial_says_why_not(alice: Person, provide: Providing) -> None:
    trial = try_provider(actor=alice.actor, provider=connect(alice, provide(in_turn(failure("401 No")))).pk)
    assert not trial.answered
    assert "refuses the key" in trial.sentence


def test_of_another_team_there_is_none(alice: Person, mallory: Person) -> None:
    made = add_provider(actor=alice.actor, **ELSEWHERE)
    assert not providers(mallory.actor)
    for act in (provider, lambda actor, one: remove_provider(actor=actor, provider=one)):
        with pytest.raises(NotFoundError):
            act(mallory.actor, made.pk)
    with pytest.raises(NotFoundError):
        try_provider(actor=mallory.actor, provider=made.pk)


def test_members_choose_and_owners_change(alice: Person, bob: Person, carol: Person) -> None:
    made = add_provider(actor=alice.actor, **ELSEWHERE)
    assert [one.pk for one in providers(bob.actor)] == [made.pk]
    with pytest.raises(PermissionDeniedError):
        update_provider(actor=bob.actor, provider=made.pk, name="Mine")
    with pytest.raises(PermissionDeniedError):
        set_budget(actor=bob.actor, tokens=1, cost=None)
    assert not providers(carol.actor)
    with pytest.raises(NotFoundError):
        add_provider(actor=carol.actor, **ELSEWHERE)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"base_url": "http://models.example.org/v1"}, "not encrypted"),
        ({"base_url": "https://127.1/v1"}, "IP address"),
        ({"base_url": "smtp://models.example.org"}, "https"),
        ({"base_url": "models.example.org"}, "not an address"),
        ({"key": "sk secret"}, "no blanks"),
        ({"key": "sk\r\nHost: evil"}, "no blanks"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "longer"),
        ({"model": ""}, "model"),
    ],
)
def test_what_makes_no_sense_is_refused(alice: Person, change: dict[str, str], word: str) -> None:
    with pytest.raises(ProviderError, match=word):
        add_provider(actor=alice.actor, **{**ELSEWHERE, **change})


def test_two_of_one_name_are_refused(alice: Person) -> None:
    add_provider(actor=alice.actor, **ELSEWHERE)
    with pytest.raises(ProviderError, match="already"):
        add_provider(actor=alice.actor, **ELSEWHERE)


def test_the_gate_stands_before_a_trial(alice: Person, provide: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound_gates, "_entries", {})
    fake = provide(lambda _: said("ready"))
    trial = try_provider(actor=alice.actor, provider=connect(alice, fake).pk)
    assert not trial.answered
    assert fake.completions == []
