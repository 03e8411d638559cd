"""What other rooms need of the API: how it refuses."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from muniment.api.problems import form_of

__all__ = ["refusal"]


def refusal(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    """For a refusal before any view of the API ran: an address that is none, a server not known by this name."""
    return form_of(request.path_info)(status, sentence or status.description or status.phrase, None)
