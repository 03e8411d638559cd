"""The doors that browsers come through on their way to a provider and back, and the one its administrator reads."""

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.accounts.errors import EmailRefusedError
from muniment.accounts.selectors import own_account
from muniment.accounts.services import email_address
from muniment.core.errors import MunimentError, TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.core.requests import ActorRequest, safe_path
from muniment.core.wording import in_words
from muniment.sso import services
from muniment.sso.asking import Asked
from muniment.sso.errors import NotAskedError, NotLetInError
from muniment.sso.leading_page import led
from muniment.sso.leaving import SESSION_LEAVING
from muniment.sso.leaving_chat import chat_left
from muniment.sso.letting_in import SESSION_CONNECTION
from muniment.sso.saml.errors import SamlError
from muniment.sso.saml.types import ByPost, ByRedirect
from muniment.sso.selectors import connection_for, connection_that_opened, open_connection
from muniment.sso.types import Protocol, Purpose, Statement

if TYPE_CHECKING:
    from muniment.sso.models import Connection

A_MINUTE = 300
"""Requests from one address: nothing can be guessed here, and a clinic whose shift begins has one address."""
_buckets = Buckets()


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Whoever types an address of a proven domain is sent to that team's provider. Whether the person is known here is
    told to nobody: the domain alone decides.
    """
    after = _safe_next(request)
    if request.user.is_authenticated:
        return redirect(after)
    if request.method != "POST":
        return _asked_for_address(request, after)
    if not _counted(request):
        said = _("Too many attempts from your address. Wait a minute, then try again.")
        return _asked_for_address(request, after, said, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        email = email_address(request.POST.get("email", ""))
    except EmailRefusedError:
        said = _("Type your e-mail address: it says to which provider you are led.")
        return _asked_for_address(request, after, said, HTTPStatus.UNPROCESSABLE_ENTITY)
    connection = connection_for(email)
    if connection is None:
        said = _("No organisation signs in with this address here. Check it, or sign in with your password.")
        return _asked_for_address(request, after, said, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _led(request, connection, Purpose.SIGN_IN, after, email)


@require_safe
def confirm(request: ActorRequest) -> HttpResponseBase:
    """Who came by a provider is asked there anew."""
    found = connection_that_opened(request.session.get(SESSION_CONNECTION, ""))
    if found is None:
        return redirect("accounts:security")
    return _led(request, found, Purpose.CONFIRM, _safe_next(request), own_account(request.actor).email)


@login_not_required
@require_safe
def metadata(request: HttpRequest, connection: str) -> HttpResponse:
    """What the provider's administrator enters there, for whoever asks: nothing in it is secret."""
    found = open_connection(connection, Protocol.SAML)
    if not _counted(request):
        return _refused(request, _("Too many attempts. Wait a minute, then try again."), HTTPStatus.TOO_MANY_REQUESTS)
    response = HttpResponse(services.metadata_of(found), content_type="application/samlmetadata+xml")
    response["Content-Disposition"] = f'attachment; filename="muniment-{found.pk}.xml"'
    return response


@csrf_exempt
@login_not_required
@require_POST
def acs(request: HttpRequest, connection: str) -> HttpResponse:
    """Takes what the provider's page has the browser post, and has the browser come again: a form of another site
    brings no cookie of ours (SameSite=Lax), the next request does. Nothing is judged before that.
    """
    if not _counted(request):
        return _refused(request, _("Too many attempts. Wait a minute, then try again."), HTTPStatus.TOO_MANY_REQUESTS)
    message, relay_state = request.POST.get("SAMLResponse", ""), request.POST.get("RelayState", "")
    try:
        name = services.keep_arrival(connection=connection, message=message, relay_state=relay_state)
    except NotAskedError as error:
        return _refused(request, in_words(error), HTTPStatus.BAD_REQUEST)
    return redirect("sso:arrive", connection=connection, arrival=name)


@login_not_required
@require_safe
def arrive(request: HttpRequest, connection: str, arrival: str) -> HttpResponseBase:
    try:
        kept = services.take_arrival(connection=connection, name=arrival)
        asked, said = services.heard_by_saml(request=request, arrival=kept)
    except NotAskedError as error:
        return _refused(request, in_words(error), HTTPStatus.BAD_REQUEST)
    return _answered(request, kept.connection, asked, said)


@login_not_required
@require_safe
def callback(request: HttpRequest, client: str) -> HttpResponseBase:
    """`client`: the connection's id, under which the provider knows this server as its client."""
    found = open_connection(client, Protocol.OIDC)
    if not _counted(request):
        return _refused(request, _("Too many attempts. Wait a minute, then try again."), HTTPStatus.TOO_MANY_REQUESTS)
    query, state = request.META.get("QUERY_STRING", ""), request.GET.get("state", "")
    try:
        asked, said = services.heard_by_oidc(request=request, connection=found, query=query, state=state)
    except NotAskedError as error:
        return _refused(request, in_words(error), HTTPStatus.BAD_REQUEST)
    return _answered(request, found, asked, said)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest, connection: str) -> HttpResponseBase:
    """The provider asks to sign somebody out, or answers what we asked of it. Whose browser brings it says nothing."""
    found = open_connection(connection, Protocol.SAML)
    if not _counted(request):
        return _refused(request, _("Too many attempts. Wait a minute, then try again."), HTTPStatus.TOO_MANY_REQUESTS)
    given = request.POST if request.method == "POST" else request.GET
    kind = "SAMLResponse" if "SAMLResponse" in given else "SAMLRequest"
    received: ByPost | ByRedirect = ByRedirect(request.META.get("QUERY_STRING", ""))
    if request.method == "POST":
        received = ByPost(request.POST.get(kind, ""))
    try:
        if kind == "SAMLRequest":
            leading = services.sign_out_here(connection=found, received=received)
            return led(request, leading) if leading else _signed_out(request)
        asked, back = request.session.pop(SESSION_LEAVING, {}).get(found.pk, ""), chat_left(request, found.pk)
        complete = services.hear_answer(connection=found, received=received, request_id=asked)
    except (SamlError, NotLetInError) as error:
        return _refused(request, in_words(error), HTTPStatus.BAD_REQUEST)
    said = "" if complete else _("You are signed out here. The provider could not sign you out everywhere.")
    return _signed_out(request, said=said, back=back)


@login_not_required
@require_safe
def signed_out(request: HttpRequest, client: str) -> HttpResponse:
    """Where the provider leads back whom it signed out because we asked. Nothing ends here: that happened before.

    Attack stopped: a link of somebody else's that says "signed out" to who is not. It is said once, to the browser that
    was led away, with the `state` it was led away with; others see the page to sign in.
    """
    found = open_connection(client, Protocol.OIDC)
    leaving = dict(request.session.get(SESSION_LEAVING, {}))
    asked = leaving.pop(found.pk, "")
    if not asked or not hmac.compare_digest(asked.encode(), request.GET.get("state", "").encode()):
        return redirect("accounts:sign_in")
    request.session[SESSION_LEAVING] = leaving
    return _signed_out(request, back=chat_left(request, found.pk))


@csrf_exempt
@login_not_required
@require_POST
def backchannel_logout(request: HttpRequest, client: str) -> HttpResponse:
    """The provider itself, without a browser, says whose session is over. Answered as Back-Channel Logout 1.0, 2.8."""
    found = open_connection(client, Protocol.OIDC)
    if not _counted(request):
        return _told_provider(HTTPStatus.TOO_MANY_REQUESTS, "temporarily_unavailable", "Wait a minute, then try again.")
    given = request.POST.getlist("logout_token")
    try:
        services.sign_out_by_token(connection=found, token=given[0] if len(given) == 1 else "")
    except MunimentError as error:
        return _told_provider(HTTPStatus.BAD_REQUEST, "invalid_request", str(error))
    return _told_provider(HTTPStatus.OK)


def _told_provider(status: HTTPStatus, error: str = "", description: str = "") -> HttpResponse:
    """To a program: in English, as the API speaks."""
    said = {"error": error, "error_description": description} if error else {}
    return JsonResponse(said, status=status, headers={"Cache-Control": "no-store"})


def _signed_out(request: HttpRequest, *, said: str = "", back: str = "") -> HttpResponse:
    return render(request, "sso/signed_out.html", {"said": said, "back": back, "outside": bool(back)})


def _answered(
    request: HttpRequest, connection: "Connection", asked: Asked, said: Statement | NotLetInError
) -> HttpResponseBase:
    if asked.purpose is Purpose.TRIAL:
        return _tried(request, connection, said)
    if isinstance(said, NotLetInError):
        return _refused(request, in_words(said), chat=asked.agent)
    if asked.purpose is Purpose.CHAT:
        return _in_chat(request, connection, asked, said)
    try:
        if asked.purpose is Purpose.CONFIRM and request.user.is_authenticated:
            actor = cast("ActorRequest", request).actor
            services.confirm(request=request, actor=actor, connection=connection, said=said, asked_at=asked.asked_at)
            return redirect(asked.after)
        began = asked.asked_at if asked.kept else None
        return services.let_in(request=request, connection=connection, said=said, after=asked.after, asked_at=began)
    except NotLetInError as error:
        return _refused(request, in_words(error))


def _in_chat(request: HttpRequest, connection: "Connection", asked: Asked, said: Statement) -> HttpResponseBase:
    """Who asked to come to an agent is let in there, whoever is signed in here as a member, and nowhere else."""
    try:
        token = services.let_chat(connection=connection, said=said, agent=asked.agent)
    except NotLetInError as error:
        return _refused(request, in_words(error), chat=asked.agent)
    response = redirect(services.chat_address(asked.agent))
    services.set_chat_cookie(response, agent=asked.agent, token=token)
    return response


def _tried(request: HttpRequest, connection: "Connection", said: Statement | NotLetInError) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect("accounts:sign_in")
    actor = cast("ActorRequest", request).actor
    services.keep_trial(request=request, actor=actor, connection=connection, arrived=said)
    return redirect("sso:trial", connection=connection.pk)


def _led(
    request: HttpRequest, connection: "Connection", purpose: Purpose, after: str, login_hint: str
) -> HttpResponseBase:
    try:
        leading = services.lead(
            request=request, connection=connection, purpose=purpose, after=after, login_hint=login_hint
        )
    except MunimentError as error:
        return _refused(request, in_words(error), HTTPStatus.SERVICE_UNAVAILABLE)
    return led(request, leading)


def _asked_for_address(
    request: HttpRequest, after: str, said: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {"said": said, "email": request.POST.get("email", ""), "next": after if after != "/" else ""}
    return render(request, "sso/sign_in.html", context, status=status)


def _refused(
    request: HttpRequest, sentence: str, status: HTTPStatus = HTTPStatus.FORBIDDEN, *, chat: str = ""
) -> HttpResponse:
    """`chat`: the agent that somebody came to ask, to whose chat it leads back."""
    context = {"sentence": sentence, "back": services.chat_address(chat) if chat else "", "outside": bool(chat)}
    return render(request, "sso/refused.html", context, status=status)


def _safe_next(request: HttpRequest) -> str:
    return safe_path(request.POST.get("next") or request.GET.get("next") or "")


def _counted(request: HttpRequest) -> bool:
    """By the address it comes from. Attack stopped: whoever has the server verify signatures without end."""
    try:
        _buckets.take_from(str(request.META.get("REMOTE_ADDR", "")), limit=A_MINUTE)
    except TooManyRequestsError:
        return False
    return True
