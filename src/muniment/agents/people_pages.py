"""Who may use one agent: those whose role says so, and those to whom it was granted."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from muniment.agents.errors import GrantRefusedError
from muniment.agents.granting import change_sharing, grant_agent, revoke_grant
from muniment.agents.opening_pages import chat_users_card
from muniment.agents.policies import check, may, may_create, owns
from muniment.agents.reaching import By, Reach
from muniment.agents.selectors import grants, users_of
from muniment.agents.types import Access
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams.selectors import member_by_email, members_of, role_by_key, role_key, roles_of
from muniment.teams.types import Role
from muniment.teams.words import role_name

if TYPE_CHECKING:
    from muniment.agents.models import Agent, AgentGrant

SHOWN = 200  # people; those to whom it was granted are shown in any case


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: ActorRequest, agent: "Agent") -> HttpResponse:
    check(request.actor, Permission.GRANT_UPDATE if request.method == "POST" else Permission.GRANT_VIEW, agent)
    error = ""
    if request.method == "POST":
        try:
            grant_agent(actor=request.actor, agent=agent, **_whom(request), permissions=_access(request).permissions)
        except (GrantRefusedError, NotFoundError) as refused:
            error = in_words(refused)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("agents:people", agent=agent.id)
    actor, reach = request.actor, users_of(request.actor, agent)
    may_share = may(actor, Permission.GRANT_UPDATE, agent)
    context = {
        "grants": [_grant(one) for one in grants(actor, agent)],
        "people": [_person(one) for one in reach[:SHOWN]],
        "more": max(0, len(reach) - SHOWN),
        "personal": agent.personal,
        "may_share": may_share,
        "may_publish": may_share and agent.personal and may_create(actor),
        "may_hide": may_share and not agent.personal and agent.owner_id is not None and _may_hide(actor, agent),
        "roles": [{"key": role_key(one), "name": role_name(one)} for one in roles_of(actor)[1:]] if may_share else [],
        "steps": [
            {"key": one.value, "label": _word(one)}
            for one in Access
            if all(may(actor, permission, agent) for permission in one.permissions)
        ],
        "colleagues": _colleagues(request) if may_share else [],
        "chat_users": chat_users_card(actor, agent),
        "error": error,
        "typed": request.POST.get("email", ""),
    }
    return render(request, "agents/people.html", context, status=422 if error else 200)


@require_POST
def revoke(request: ActorRequest, agent: "Agent", grant: int) -> HttpResponse:
    revoke_grant(actor=request.actor, agent=agent, grant=grant)
    messages.success(request, _("Taken back. It holds from now on."))
    return redirect("agents:people", agent=agent.id)


@require_POST
def sharing(request: ActorRequest, agent: "Agent") -> HttpResponse:
    change_sharing(actor=request.actor, agent=agent, personal=request.POST.get("personal") == "yes")
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("agents:people", agent=agent.id)


def _whom(request: ActorRequest) -> dict[str, Any]:
    email, role = request.POST.get("email", "").strip(), request.POST.get("role", "")
    if email:
        return {"user": member_by_email(request.actor, email).user_id}
    return {"role": role_by_key(request.actor, role) if role else None}


def _access(request: ActorRequest) -> Access:
    try:
        return Access(request.POST.get("access", ""))
    except ValueError:
        raise GrantRefusedError(_("Choose what they may do with it.")) from None


def _may_hide(actor: Any, agent: "Agent") -> bool:
    return owns(actor, agent) or actor.holds(Permission.PERSONAL_VIEW)


def _colleagues(request: ActorRequest) -> list[str]:
    """Addresses that the field offers while one types."""
    if not request.actor.holds(Permission.MEMBER_VIEW):
        return []
    return list(members_of(request.actor).values_list("user__email", flat=True)[:SHOWN])


def _grant(one: "AgentGrant") -> dict[str, Any]:
    permissions = frozenset(one.permissions)
    step = next((step for step in Access if step.permissions == permissions), None)
    return {
        "id": one.pk,
        "name": (one.user.name or one.user.email) if one.user else role_name(one.custom_role or Role(one.role)),
        "email": one.user.email if one.user else "",
        "step": _word(step) if step else _("Single permissions"),
    }


def _person(one: Reach) -> dict[str, Any]:
    user = one.membership.user
    held = [step for step in Access if step.permissions <= one.permissions]
    by = {By.OWNING: _("Owns it"), By.GRANT: _("Granted"), By.ROLE: _("By role")}
    return {
        "name": user.name or user.email,
        "email": user.email,
        "role": role_name(one.membership.held),
        "step": _word(held[-1]) if held else _("See that it exists"),
        "by": by[one.by],
    }


def _word(step: Access) -> str:
    return {
        Access.ASK: _("Ask"),
        Access.READ: _("Ask and read documents"),
        Access.BUILD: _("Build"),
        Access.MANAGE: _("Build and share"),
    }[step]
