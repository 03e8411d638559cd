"""What sets the API apart from pages."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from muniment.core.middleware import InlineMiddleware
from muniment.core.requests import is_api


class KeysAlone(InlineMiddleware):
    """Attack stopped: a page elsewhere, or a document shown here, makes the browser of somebody signed in call the API:
    it forgets every cookie before anything reads one, and so needs no token against forged forms.
    """

    def before(self, request: HttpRequest) -> None:
        if is_api(request):
            request.META.pop("HTTP_COOKIE", None)

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (rate := getattr(request, "rate", None)) is not None:
            for name, value in rate.headers.items():
                response.headers[name] = value
        return response
