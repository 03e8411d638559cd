"""What other rooms need of the API: how it refuses."""

from http import HTTPStatus

from django.http import HttpResponse

from muniment.api.problems import problem

__all__ = ["refusal"]


def refusal(status: HTTPStatus, sentence: str) -> HttpResponse:
    """For a refusal before any view of the API ran: an address that is none, a server not known by this name."""
    return problem(status, sentence or status.description or status.phrase)
