"""The pages about who is in the team: the list, one member, invitations."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.accounts.errors import EmailRefusedError
from muniment.core.errors import MunimentError, NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.searches import Searches
from muniment.core.wording import in_words
from muniment.teams import selectors, services
from muniment.teams.errors import AlreadyMemberError, LinkWithheldError
from muniment.teams.forms import InviteForm
from muniment.teams.policies import may, require
from muniment.teams.team_frame import team_page
from muniment.teams.types import Stake
from muniment.teams.words import role_description, role_name

if TYPE_CHECKING:
    from muniment.teams.models import Membership

_searches = Searches("member_searches", "/members")
ROWS, HEIRS = 50, 500


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: ActorRequest) -> HttpResponse:
    """Who is in the team, and who is invited."""
    require(request.actor, Permission.MEMBER_VIEW)
    if request.method == "POST":
        return redirect(_searches.keep(request))
    (search, q), role = _searches.words(request), request.GET.get("role", "")
    found: Any = selectors.search_members(request.actor, words=q, role=role)
    page: Any = Paginator(found, ROWS).get_page(request.GET.get("page"))
    page.object_list = [_row(request, one) for one in page.object_list]
    may_invite = may(request.actor, Permission.MEMBER_CREATE)
    context = {
        "members": page,
        "q": q,
        "search": search,
        "role": role,
        "roles": _roles(request),
        "may_invite": may_invite,
        "invitations": [_invited(one) for one in selectors.invitations_of(request.actor)] if may_invite else [],
    }
    return team_page(request, "team/members.html", "members", context)


@require_safe
def member(request: ActorRequest, member: int) -> HttpResponse:
    found = selectors.member(request.actor, member)
    actor = request.actor
    reaches = selectors.may_give(actor, found.held)
    shown = _row(request, found)
    context = {
        "member": shown,
        "choices": _choices(request, found.held) if reaches and may(actor, Permission.MEMBER_UPDATE) else [],
        "may_suspend": reaches and may(actor, Permission.MEMBER_UPDATE),
        "may_remove": reaches and may(actor, Permission.MEMBER_DELETE),
        "may_recover": services.may_recover(actor=actor, person=found.user.ref),
    }
    return team_page(request, "team/member.html", "members", context, under=shown["name"], at=shown["url"])


@require_POST
def change_role(request: ActorRequest, member: int) -> HttpResponse:
    found = selectors.member(request.actor, member)
    role = selectors.role_by_key(request.actor, request.POST.get("role", ""))
    services.change_role(actor=request.actor, team=found.team, user=found.user, role=role)
    messages.success(request, _("Saved. It holds from now on."))
    return _back(found)


@require_POST
def suspend(request: ActorRequest, member: int) -> HttpResponse:
    found = selectors.member(request.actor, member)
    services.suspend_member(actor=request.actor, team=found.team, user=found.user)
    _leave_if_ended(request, found)
    messages.success(request, _("Suspended. No open session shows this team any more."))
    return _back(found)


@require_POST
def resume(request: ActorRequest, member: int) -> HttpResponse:
    found = selectors.member(request.actor, member)
    services.resume_member(actor=request.actor, team=found.team, user=found.user)
    messages.success(request, _("Resumed."))
    return _back(found)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: ActorRequest, member: int) -> HttpResponse:
    """What becomes of what is theirs, in numbers, then the act."""
    actor = request.actor
    require(actor, Permission.MEMBER_DELETE)
    found = selectors.member(actor, member)
    at_stake = services.departure(actor=actor, team=found.team, user=found.user)
    heirs = selectors.heirs(actor, found)[:HEIRS]
    if request.method == "POST":
        try:
            heir = _heir(request)
            services.remove_member(actor=actor, team=found.team, user=found.user, heir=heir)
        except NotFoundError:
            error = _("Choose what becomes of it, and somebody who may have agents.")
        else:
            _leave_if_ended(request, found)
            messages.success(request, _("Removed. They are out of the team from now on."))
            return redirect("teams:members")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        error, status = "", HTTPStatus.OK
    shown = _row(request, found)
    context = {
        "member": shown,
        "stakes": {one.value: at_stake.get(one, 0) for one in Stake},
        "heirs": [{"id": one.user_id, "name": one.user.name or one.user.email} for one in heirs],
        "error": error,
    }
    return team_page(
        request, "team/remove.html", "members", context, under=shown["name"], at=shown["url"], status=status
    )


def _heir(request: ActorRequest) -> Any:
    """Who gets what was theirs; None to delete it. NotFoundError where neither was said."""
    chosen = request.POST.get("agents", "")
    if chosen == "delete":
        return None
    heir = request.POST.get("heir", "")
    if chosen != "transfer" or not heir.isdecimal():
        raise NotFoundError("Nobody was chosen.")
    return selectors.member(request.actor, int(heir[:18])).user


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    require(actor, Permission.MEMBER_CREATE)
    form = InviteForm(request.POST if request.method == "POST" else None, roles=_givable(request))
    invited = None
    if form.is_valid():
        given = form.cleaned_data
        role = selectors.role_by_key(actor, given["role"])
        try:
            invited = services.invite(
                actor=actor, team=selectors.team_of(actor), email=given["email"], role=role, days=given["days"]
            )
        except (AlreadyMemberError, EmailRefusedError) as error:
            form.add_error("email", in_words(error))
        except LinkWithheldError as error:
            form.add_error("role", in_words(error))
        except PermissionDeniedError:
            raise
        except MunimentError as error:
            form.add_error(None, in_words(error))
        else:
            if invited.link is None:
                messages.success(request, _("Sent. The link is in the mail."))
                return redirect("teams:members")
    context = {"form": form, "link": invited.link if invited else None, "email": form.data.get("email", "")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return team_page(request, "team/invite.html", "members", context, under=_("Invite"), status=status)


@require_POST
def withdraw(request: ActorRequest, invitation: str) -> HttpResponse:
    actor = request.actor
    services.withdraw_invitation(actor=actor, team=selectors.team_of(actor), invitation=invitation)
    messages.success(request, _("Withdrawn. Its link no longer works."))
    return redirect("teams:members")


def _row(request: ActorRequest, one: "Membership") -> dict[str, Any]:
    return {
        "id": one.user_id,
        "ref": one.user.ref,
        "name": one.user.name or one.user.email,
        "email": one.user.email,
        "role": role_name(one.held),
        "role_key": selectors.role_key(one.held),
        "suspended_at": one.suspended_at,
        "since": one.created_at,
        "is_me": one.user_id == request.actor.user,
        "url": f"/members/{one.user_id}",
    }


def _invited(one: Any) -> dict[str, Any]:
    return {"id": one.pk, "email": one.email, "role": role_name(one.held), "until": one.expires_at}


def _roles(request: ActorRequest) -> list[dict[str, Any]]:
    return [{"key": selectors.role_key(one), "name": role_name(one)} for one in selectors.roles_of(request.actor)]


def _givable(request: ActorRequest) -> list[tuple[str, str]]:
    """The roles the actor may give, the least first."""
    roles = [one for one in selectors.roles_of(request.actor) if selectors.may_give(request.actor, one)]
    return [(selectors.role_key(one), role_name(one)) for one in reversed(roles)]


def _choices(request: ActorRequest, held: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": selectors.role_key(one),
            "name": role_name(one),
            "text": role_description(one),
            "chosen": one == held,
        }
        for one in selectors.roles_of(request.actor)
        if selectors.may_give(request.actor, one)
    ]


def _leave_if_ended(request: ActorRequest, found: "Membership") -> None:
    """Who suspended or removed himself may have ended this very session: nothing is written into it any more."""
    if found.user_id == request.actor.user and not request.session.exists(request.session.session_key or ""):
        request.session.flush()


def _back(found: "Membership") -> HttpResponse:
    return redirect("teams:member", member=found.user_id)
