"""The pages about roles: what there are, and those of the team's own."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams import selectors, services
from muniment.teams.errors import RoleInUseError, RoleNameError
from muniment.teams.forms import RoleForm
from muniment.teams.models import CustomRole
from muniment.teams.policies import may, require
from muniment.teams.team_frame import team_page
from muniment.teams.types import RESERVED, Rights, Role, RoleDraft
from muniment.teams.words import RESOURCES, role_description, role_name

if TYPE_CHECKING:
    from muniment.core.actors import Actor

ALL, GRANTED = "all", "granted"
_NOTHING = Rights(frozenset())


@require_safe
def roles(request: ActorRequest) -> HttpResponse:
    require(request.actor, Permission.ROLE_VIEW)
    counted = selectors.holders(request.actor)
    rows = [
        {
            "name": role_name(one),
            "text": role_description(one),
            "members": counted.get(selectors.role_key(one), 0),
            "url": f"/roles/{selectors.role_key(one)}",
            "is_own": isinstance(one, CustomRole),
        }
        for one in selectors.roles_of(request.actor)
    ]
    context = {"roles": rows, "may_create": may(request.actor, Permission.ROLE_CREATE)}
    return team_page(request, "team/roles.html", "roles", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, Permission.ROLE_CREATE)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.create_role(actor=request.actor, team=selectors.team_of(request.actor), draft=_draft(form))
        except RoleNameError as error:
            form.add_error("name", in_words(error))
        else:
            messages.success(request, _("Saved. It can be given to members now."))
            return redirect("teams:roles")
    return _form(request, form, _sent(form), None)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: ActorRequest, role: str) -> HttpResponse:
    """One role; to be changed where it is the team's own, and within what the reader may do."""
    require(request.actor, Permission.ROLE_UPDATE if request.method == "POST" else Permission.ROLE_VIEW)
    found: Any = _role(request, role)
    named = {"name": role_name(found), "description": role_description(found)}
    form = RoleForm(request.POST if request.method == "POST" else None, initial=named)
    rights = selectors.rights(found)
    if form.is_valid():
        try:
            services.update_role(actor=request.actor, role=found, draft=_draft(form))
        except RoleNameError as error:
            form.add_error("name", in_words(error))
        else:
            messages.success(request, _("Saved. It holds from now on, for all who have it."))
            return redirect("teams:role", role=found.pk)
        rights = _sent(form)
    return _form(request, form, rights, found)


@require_POST
def delete(request: ActorRequest, role: str) -> HttpResponse:
    require(request.actor, Permission.ROLE_DELETE)
    found = selectors.custom_role(request.actor, role)
    key = request.POST.get("replacement", "")
    replacement = selectors.role_by_key(request.actor, key) if key else None
    try:
        services.delete_role(actor=request.actor, role=found, replacement=replacement)
    except RoleInUseError as error:
        form = RoleForm(initial={"name": found.name, "description": found.description})
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(request, form, found.rights, found, status=status, delete_error=in_words(error))
    messages.success(request, _("Deleted."))
    return redirect("teams:roles")


def _role(request: ActorRequest, key: str) -> "Role | CustomRole":
    """Those of the product are shown and cannot be changed."""
    if request.method == "POST":
        return selectors.custom_role(request.actor, key)
    return selectors.role_by_key(request.actor, key)


def _draft(form: RoleForm) -> RoleDraft:
    given = form.cleaned_data
    return RoleDraft(given["name"], given["description"], form.chosen(ALL), form.chosen(GRANTED))


def _sent(form: RoleForm) -> Rights:
    return Rights(form.chosen(ALL), form.chosen(GRANTED)) if form.is_bound else _NOTHING


def _form(
    request: ActorRequest,
    form: RoleForm,
    rights: Rights,
    found: Any,
    *,
    status: HTTPStatus | None = None,
    **more: Any,
) -> HttpResponse:
    """The table of permissions. What the reader lacks is shown and cannot be chosen."""
    actor, is_own = request.actor, found is None or isinstance(found, CustomRole)
    is_within = found is None or selectors.may_give(actor, found)
    may_change = is_own and is_within and may(actor, Permission.ROLE_UPDATE if found else Permission.ROLE_CREATE)
    held = selectors.holders(actor).get(selectors.role_key(found), 0) if found else 0
    context = {
        "form": form,
        "role": {"name": role_name(found), "text": role_description(found), "url": request.path} if found else None,
        "groups": _groups(actor, rights, may_change=may_change),
        "may_change": may_change,
        "is_own": is_own,
        "may_delete": bool(found) and is_own and is_within and may(actor, Permission.ROLE_DELETE),
        "members": held,
        "replacements": _replacements(actor, found),
    }
    shown = status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)
    name = role_name(found) if found else _("New role")
    return team_page(request, "team/role.html", "roles", context | more, under=name, status=shown)


def _groups(actor: "Actor", rights: Rights, *, may_change: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "permissions": [
                {
                    "value": one.value,
                    "label": words,
                    "chosen": ALL if one in rights.everywhere else GRANTED if one in rights.on_granted else "",
                    "per_agent": one.is_per_agent,
                    "open": may_change and actor.holds(one) and one not in RESERVED,
                }
                for one, words in permissions
            ],
        }
        for label, permissions in RESOURCES
    ]


def _replacements(actor: "Actor", found: Any) -> list[dict[str, Any]]:
    others = [one for one in selectors.roles_of(actor) if one != found and selectors.may_give(actor, one)]
    return [{"key": selectors.role_key(one), "name": role_name(one)} for one in reversed(others)]
