import pytest
from django.conf import settings
from django.test import Client

from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from muniment.teams.selectors import operator_actor
from muniment.teams.services import issue_setup_link
from tests.cast import PASSWORD, Person

KIT, CHECK = "/setup/recovery-kit", "/setup/recovery-kit/check"


@pytest.fixture
def owner(db: None) -> Client:
    """A browser that has just claimed the installation."""
    client = Client()
    token = issue_setup_link(actor=operator_actor(None)).partition("#")[2]
    form = {"token": token, "team": "T", "email": "a@example.org", "password": PASSWORD, "password_again": PASSWORD}
    assert client.post("/setup", form)["Location"] == KIT
    return client


def kit() -> list[str]:
    return cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS))


def asked(client: Client) -> list[int]:
    """The numbers of the groups the page asks for."""
    client.get(CHECK)
    return list(client.session["kit_groups"])


def test_it_is_shown_until_two_groups_are_right(owner: Client) -> None:
    assert all(group in owner.get(KIT).content.decode() for group in kit())
    numbers = asked(owner)
    right = {f"group_{number}": kit()[number - 1] for number in numbers}
    wrong = {name: "0000" if text != "0000" else "1111" for name, text in right.items()}
    one_wrong = right | dict(list(wrong.items())[:1])
    for typed in (wrong, one_wrong, {}):
        assert owner.post(CHECK, typed).status_code == 422
    assert owner.get(KIT).status_code == 200
    typed = {name: f" {text.lower()} " for name, text in right.items()}
    assert owner.post(CHECK, typed)["Location"] == "/"
    assert owner.get(KIT).status_code == 404
    assert owner.get(CHECK).status_code == 404


def test_the_page_that_asks_does_not_show(owner: Client) -> None:
    numbers = asked(owner)
    assert len(set(numbers)) == 2
    page = owner.get(CHECK).content.decode()
    assert not any(group in page for group in kit())
    assert asked(owner) == numbers  # reloading until a known group is asked for does not work


def test_the_owner_is_led_there_once_in_each_session(owner: Client) -> None:
    again = Client()
    again.post("/sign-in", {"email": "a@example.org", "password": PASSWORD})
    assert again.get("/profile")["Location"] == KIT
    assert again.get("/profile").status_code == 200


def test_nobody_else_sees_it(owner: Client, bob: Person) -> None:
    for client in (bob.client, Client()):
        assert client.get(KIT).status_code in {302, 404}
        assert not any(group in client.get(KIT, follow=True).content.decode() for group in kit())
    assert bob.client.get(KIT).status_code == 404
