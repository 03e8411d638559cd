"""What is refused before anything of a request is read looks as what the library refuses."""

from http import HTTPStatus

import pytest
from scim2_models import SCIMException
from scim2_server.service import ScimService

from muniment.scim.answering import _http
from muniment.scim.schemas import provider
from muniment.scim.services import error_answer


@pytest.mark.parametrize("status", [HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS])
def test_it_is_the_same_byte_for_byte(status: HTTPStatus) -> None:
    error = SCIMException(detail="Über die Grenze.")
    error.status = status
    expected = _http(ScimService(provider()).error_response(error))
    answer = error_answer(status, "Über die Grenze.")
    assert answer.content == expected.content
    assert answer.status_code == expected.status_code == status
    assert dict(answer.headers) == dict(expected.headers)
