"""Who gets in: new people, their role, which groups give which, what becomes of who leaves; by the provider only."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from muniment.core.errors import MunimentError
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.sso.frame import confirmed, sso_page
from muniment.sso.people_forms import PeopleForm, RulesForm
from muniment.sso.policies import require_update, require_view
from muniment.sso.services import came_by_provider_lately
from muniment.teams.errors import NotAMemberError, SsoOnlyError
from muniment.teams.selectors import (
    kept_in,
    member,
    members_of,
    opens_by_provider_only,
    role_key,
    roles_of,
    team_of,
)
from muniment.teams.services import provisioning, set_break_glass, set_group_rules, set_provisioning, set_sso_only
from muniment.teams.types import MAY_OWN, Role
from muniment.teams.words import role_name


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: ActorRequest) -> HttpResponse:
    require_view(request.actor)
    return _people_changed(request) if request.method == "POST" else _people(request, None)


@confirmed
def _people_changed(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    require_update(actor)
    form, rules = _people_form(request), RulesForm(request.POST, roles=_roles(actor))
    if form.is_valid() and rules.is_valid():
        try:
            set_provisioning(actor=actor, **form.given(actor))
            changed = set_group_rules(actor=actor, rules=rules.given(actor))
        except MunimentError as error:
            form.add_error(None, in_words(error))
        else:
            said = ngettext("%(count)d role has changed.", "%(count)d roles have changed.", changed)
            messages.success(request, " ".join([_("Saved."), said % {"count": changed}] if changed else [_("Saved.")]))
            return redirect("sso:people")
    return _people(request, form, rules)


@require_http_methods(["GET", "HEAD", "POST"])
def only(request: ActorRequest) -> HttpResponse:
    require_view(request.actor)
    return _switched(request) if request.method == "POST" else _only(request)


@confirmed
def _switched(request: ActorRequest) -> HttpResponse:
    on = "on" in request.POST
    try:
        set_sso_only(actor=request.actor, on=on, by_provider=came_by_provider_lately(request))
    except SsoOnlyError as error:
        messages.error(request, in_words(error))
    else:
        said = _("Your provider alone opens the team now.") if on else _("E-mail and password open the team as well.")
        messages.success(request, said)
    return redirect("sso:only")


@require_POST
@confirmed
def keep(request: ActorRequest) -> HttpResponse:
    """Keeps an owner for the day the provider fails, or releases one."""
    require_update(request.actor)
    user = request.POST.get("user", "")
    try:
        chosen = member(request.actor, int(user) if user.isdecimal() else 0)
        set_break_glass(actor=request.actor, user=chosen.user, on="on" in request.POST)
    except (SsoOnlyError, NotAMemberError) as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("sso:only")


def _people_form(request: ActorRequest) -> PeopleForm:
    actor, decided = request.actor, provisioning(request.actor)
    everybody = members_of(actor).filter(suspended_at=None, user__is_active=True)
    heirs = [
        (one.user.ref, one.user.name or one.user.email)
        for one in everybody
        if not MAY_OWN.isdisjoint(one.rights.everywhere)
    ]
    chosen = next((one.user.ref for one in everybody if one.user_id == decided.heir), "")
    initial = {
        "role": role_key(decided.role),
        "joins_on_sign_in": decided.joins_on_sign_in,
        "scim": decided.scim,
        "departure": "transfer" if chosen else "delete",
        "heir": chosen,
    }
    sent = request.POST if request.method == "POST" else None
    return PeopleForm(sent, initial=initial, roles=_roles(actor), heirs=heirs)


def _people(request: ActorRequest, form: PeopleForm | None, rules: RulesForm | None = None) -> HttpResponse:
    form = form or _people_form(request)
    decided = provisioning(request.actor)
    kept = [{"group": group, "role": role_key(role)} for group, role in decided.rules]
    context: dict[str, Any] = {
        "form": form,
        "rules": rules.rows() if rules is not None else kept,
        "rule_errors": rules.errors if rules is not None else {},
        "roles": _roles(request.actor),
    }
    return sso_page(request, "people", context, under=((_("People and groups"), request.path),), form=form)


def _only(request: ActorRequest) -> HttpResponse:
    team = team_of(request.actor)
    owners = members_of(request.actor).filter(role=Role.OWNER, suspended_at=None, user__is_active=True)
    context = {
        "only": opens_by_provider_only(team.pk),
        "came_by_provider": came_by_provider_lately(request),
        "kept": kept_in(team.pk).exists(),
        "owners": [
            {"id": one.user_id, "name": one.user.name or one.user.email, "kept": one.break_glass} for one in owners
        ],
    }
    return sso_page(request, "only", context, under=((_("Sign-in by the provider only"), request.path),))


def _roles(actor: Any) -> list[tuple[str, str]]:
    """What a provider can give: every role but the owner's."""
    return [(role_key(role), str(role_name(role))) for role in roles_of(actor) if role is not Role.OWNER]
