"""What other rooms need of the API: how it refuses."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from muniment.api.problems import openai_form, problem_form
from muniment.api.v1.envelopes import failure
from muniment.core.requests import SCIM
from muniment.scim.services import error_answer

__all__ = ["refusal"]


def refusal(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    """For a refusal before any view of the API ran: an address that is none, a server not known by this name."""
    if request.path_info.startswith(SCIM):
        return error_answer(status, sentence or status.description or status.phrase)
    forms = {"/v1/": openai_form, "/api/v1/": failure}
    form = next((form for before, form in forms.items() if request.path_info.startswith(before)), problem_form)
    return form(request, status, sentence or status.description or status.phrase, None)
