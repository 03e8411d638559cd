import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory

from muniment.accounts.views import profile as views
from muniment.console.errors import bad_request
from muniment.core.errors import (
    CorruptedError,
    MunimentError,
    NotFoundError,
    PermanentError,
    PermissionDeniedError,
    TransientError,
)
from tests.cast import Person


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (NotFoundError("There is no such agent."), 404, False),
        (PermissionDeniedError("Your role does not allow this."), 403, False),
        (PermanentError("A name has 1 to 100 characters."), 400, True),
        (TransientError("The store is busy."), 503, True),
        (CorruptedError("/home/silos/x.db does not open."), 500, False),
    ],
)
def test_an_error_of_ours_is_the_page_of_its_status(
    alice: Person, monkeypatch: pytest.MonkeyPatch, error: MunimentError, status: int, told: bool
) -> None:
    def refuse(_actor: object) -> None:
        raise error

    monkeypatch.setattr(views, "own_account", refuse)
    client = alice.client
    client.raise_request_exception = False
    answer = client.get("/profile")
    assert answer.status_code == status
    assert (str(error) in answer.content.decode()) is told
    script = client.get("/profile", headers={"accept": "application/json"})
    assert script.status_code == status
    if status != 500:
        assert json.loads(script.content)["sentence"]


def test_a_form_that_is_too_large_has_a_page_of_its_own(alice: Person) -> None:
    request = RequestFactory().post("/profile")
    assert bad_request(request, RequestDataTooBig()).status_code == 413


def test_missing_and_foreign_things_look_the_same(alice: Person) -> None:
    pages = {alice.client.get(address).content for address in ("/no/such/page", "/agents/" + "0" * 26)}
    assert len(pages) == 1
    assert Client().get("/no/such/page").status_code == 404


def test_every_page_names_an_icon_that_is_there(alice: Person) -> None:
    page = Client().get("/sign-in").content.decode()
    (address,) = [part.split('"')[0] for part in page.split('rel="icon"')[1].split('href="')[1:2]]
    assert Client().get(address).status_code == 200
