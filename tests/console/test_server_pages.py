"""The pages of the server: providers added, tried, changed and removed; the budget; what the operator set."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import get_messages

from muniment.core.network.addresses import internal_hosts
from muniment.core.network.mail import MailSettings
from muniment.llm.models import Provider
from muniment.llm.selectors import spent
from muniment.llm.types import PACKAGED_EMBEDDER
from tests.cast import Person
from tests.llm.conftest import Providing, connect, gate, provide  # noqa: F401 - fixtures
from tests.llm.endpoints import endpoint_folder
from tests.llm.fake_provider import failure, said

FIELDS = {"name": "Elsewhere", "kind": "openai", "base_url": "https://models.example.org/v1", "model": "large"}
GIVEN = FIELDS | {"key": "sk-secret-1", "patience": "30", "input_price": "2.5", "output_price": ""}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]


def _told(response: object) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))  # type: ignore[attr-defined]


def test_a_provider_is_added_and_its_key_never_shown(alice: Person) -> None:
    assert "No provider yet" in alice.client.get("/server/models").content.decode()
    assert alice.client.post("/server/models/new", GIVEN).status_code == 302
    made = Provider.objects.get()
    assert (made.name, made.input_price, made.output_price) == ("Elsewhere", Decimal("2.5"), 0)
    for address in ("/server/models", f"/server/models/{made.pk}"):
        page = alice.client.get(address).content.decode()
        assert "Elsewhere" in page
        assert "sk-secret" not in page


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"base_url": "http://models.example.org"}, "not encrypted"),
        ({"base_url": "https://0x7f000001/"}, "IP address"),
        ({"name": ""}, "required"),
        ({"patience": "1"}, "greater than"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence(alice: Person, change: dict[str, str], word: str) -> None:
    response = alice.client.post("/server/models/new", GIVEN | change)
    page = response.content.decode()
    assert response.status_code == 422
    assert word in page
    assert "sk-secret" not in page  # a key is not sent back, not even to who typed it
    assert "large" in page


def test_a_provider_is_changed_and_keeps_its_key(alice: Person) -> None:
    alice.client.post("/server/models/new", GIVEN)
    made = Provider.objects.get()
    address = f"/server/models/{made.pk}"
    assert alice.client.post(address, GIVEN | {"key": "", "model": "larger"}).status_code == 302
    made.refresh_from_db()
    assert (made.model, made.sealed_key is not None) == ("larger", True)
    moved = alice.client.post(address, GIVEN | {"key": "", "base_url": "https://evil.example.org/v1"})
    assert "Type it again" in moved.content.decode()
    assert alice.client.post(address, GIVEN | {"key": "", "forget": "on"}).status_code == 302
    made.refresh_from_db()
    assert made.sealed_key is None


def test_the_test_button_says_what_came_of_it(alice: Person, provide: Providing) -> None:  # noqa: F811 - a fixture
    good = connect(alice, provide(lambda _: said("ready")), name="Good")
    bad = connect(alice, provide(lambda _: failure("401 No", {"error": {"message": "sk-test-key is bad"}})), name="Bad")
    told = _told(alice.client.post(f"/server/models/{good.pk}/test"))
    assert "Good answered in" in told
    assert "It has: tiny, large" in told
    told = _told(alice.client.post(f"/server/models/{bad.pk}/test"))
    assert "Bad did not answer. The provider refuses the key" in told
    assert "sk-test" not in told


def test_the_models_of_the_search_are_shown_and_tried(
    alice: Person,
    carol: Person,
    provide: Providing,  # noqa: F811 - a fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = alice.client.get("/server/models").content.decode()
    assert PACKAGED_EMBEDDER in page
    assert "On this machine" in page
    assert "Reranker" not in page
    assert "answered in" in _told(alice.client.post("/server/models/in-use/embedding/test"))
    provider = provide(lambda _: failure("401 No", {"error": {"message": "sk-far is bad"}}))
    for setting in ("MUNIMENT_EMBEDDING_MODEL", "MUNIMENT_RERANKER"):
        folder = endpoint_folder(tmp_path / setting, provider, name="far-model")
        monkeypatch.setattr(settings, setting, str(folder))
    page = alice.client.get("/server/models").content.decode()
    assert page.count(provider.base_url) == 2
    assert "on your own network" in page
    for use in ("embedding", "reranker"):
        told = _told(alice.client.post(f"/server/models/in-use/{use}/test"))
        assert "far-model did not answer." in told
        assert "refuses the key" in told
        assert "sk-far" not in told
    assert alice.client.post("/server/models/in-use/other/test").status_code == 404
    assert carol.client.post("/server/models/in-use/embedding/test").status_code in {403, 404}


def test_a_removed_one_is_gone(alice: Person) -> None:
    alice.client.post("/server/models/new", GIVEN)
    assert alice.client.post(f"/server/models/{Provider.objects.get().pk}/delete").status_code == 302
    assert not Provider.objects.exists()


def test_the_budget_is_set_and_shown(alice: Person) -> None:
    assert alice.client.post("/server/models", {"tokens": "5000", "cost": "12.50"}).status_code == 302
    now = spent(alice.actor)
    assert (now.token_limit, now.cost_limit) == (5000, Decimal("12.5"))
    assert 'value="5000"' in alice.client.get("/server/models").content.decode()
    alice.client.post("/server/models", {"tokens": "", "cost": ""})
    assert spent(alice.actor).token_limit is None


def test_what_the_operator_set_is_shown(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No mail server is set" in alice.client.get("/server").content.decode()
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", internal_hosts("http://127.0.0.1:11434"))
    mail = MailSettings.of(server="smtps://mail.example.org", sender="m@example.org", user="u", password_file="/secret")
    monkeypatch.setattr(settings, "MUNIMENT_MAIL", mail)
    page = alice.client.get("/server").content.decode()
    for shown in ("http://127.0.0.1:11434", "smtps://mail.example.org", "m@example.org", "http://localhost:8000"):
        assert shown in page
    assert "/secret" not in page


def test_who_is_no_owner_sees_nothing(alice: Person, bob: Person, carol: Person) -> None:
    for person in (bob, carol):
        assert person.client.get("/server").status_code == 404
        assert person.client.get("/server/models").status_code == 404
        assert "/server/models" not in person.client.get("/").content.decode()
    assert "/server/models" in alice.client.get("/").content.decode()
