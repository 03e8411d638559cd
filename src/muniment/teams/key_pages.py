"""The pages about API keys: what there are, a new one shown once, revoking."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.accounts.selectors import confirmation_address, confirmed_for_team
from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.core.registries import key_agents
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams import selectors, services
from muniment.teams.errors import KeyDraftError
from muniment.teams.forms import KeyForm
from muniment.teams.policies import may, require
from muniment.teams.team_frame import team_page
from muniment.teams.types import KEY_PRESETS, ConsentBy, KeyPreset
from muniment.teams.words import KEY_USES, RESOURCES

if TYPE_CHECKING:
    from muniment.core.actors import Actor
    from muniment.teams.models import ApiKey


@require_safe
def keys(request: ActorRequest) -> HttpResponse:
    require(request.actor, Permission.KEY_CREATE)
    names = key_agents.get("agents").choices(request.actor)
    context = {
        "keys": [_row(request.actor, one, names) for one in selectors.keys_of(request.actor)],
        "sees_all": may(request.actor, Permission.KEY_VIEW),
    }
    return team_page(request, "team/keys.html", "keys", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Who left a browser open leaves no key behind: the password or a passkey is asked for again."""
    actor = request.actor
    require(actor, Permission.KEY_CREATE)
    if not confirmed_for_team(request):
        return redirect(confirmation_address(request.path))
    agents, offered = key_agents.get("agents").choices(actor), selectors.keyable(actor)
    may_serve = may(actor, Permission.KEY_UPDATE)
    form = KeyForm(request.POST if request.method == "POST" else None, agents=list(agents), may_serve=may_serve)
    if form.is_valid():
        try:
            made = services.create_key(actor=actor, team=selectors.team_of(actor), draft=form.draft(offered))
        except KeyDraftError as error:
            form.add_error(None, in_words(error))
        else:
            shown = {"token": made.token, "key": _row(actor, made.key, agents)}
            return team_page(request, "team/key_made.html", "keys", shown, under=made.key.name)
    context = {
        "form": form,
        "sent": _sent(form),
        "agents": [{"id": identifier, "name": name} for identifier, name in agents.items()],
        "presets": [_preset(one, offered) for one in KeyPreset],
        "groups": _groups(offered),
        "consents": [
            {
                "value": ConsentBy.OURS.value,
                "label": _("Muniment does. Until an agent has a notice, let only your team ask"),
            },
            {"value": ConsentBy.CLIENT.value, "label": _("My own service collects it, and I vouch for it")},
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return team_page(request, "team/key_new.html", "keys", context, under=_("New key"), status=status)


@require_POST
def revoke(request: ActorRequest, key: str) -> HttpResponse:
    services.revoke_key(actor=request.actor, key=selectors.key(request.actor, key))
    messages.success(request, _("Revoked. It opens nothing from now on."))
    return redirect("teams:keys")


def _row(actor: "Actor", one: "ApiKey", names: Any) -> dict[str, Any]:
    uses = next((preset for preset, held in KEY_PRESETS.items() if held == one.held), KeyPreset.CHOSEN)
    several = ngettext("%(count)s permission", "%(count)s permissions", len(one.held)) % {"count": len(one.held)}
    is_own = one.user_id is not None and one.user_id == actor.user
    return {
        "id": one.pk,
        "name": one.name,
        "tail": one.tail,
        "owner": (one.user.name or one.user.email) if one.user else _("The team"),
        "uses": several if uses is KeyPreset.CHOSEN else KEY_USES[uses][0],
        "agents": None
        if one.agents is None
        else [names.get(agent, _("an agent you do not see")) for agent in one.agents],
        "expires_at": one.expires_at,
        "expired": one.expires_at <= now(),
        "used_at": one.used_at,
        "may_revoke": is_own or may(actor, Permission.KEY_DELETE),
    }


def _preset(one: KeyPreset, offered: frozenset[Permission]) -> dict[str, Any]:
    label, text = KEY_USES[one]
    return {"value": one.value, "label": label, "text": text, "open": KEY_PRESETS.get(one, offered) & offered}


def _groups(offered: frozenset[Permission]) -> list[dict[str, Any]]:
    found = [
        {"label": label, "permissions": [{"value": one.value, "label": words} for one, words in some if one in offered]}
        for label, some in RESOURCES
    ]
    return [group for group in found if group["permissions"]]


def _sent(form: KeyForm) -> dict[str, Any]:
    """What was chosen, for a page that is shown again; at first what most people want."""
    data: Any = form.data
    several = {name: data.getlist(name) if form.is_bound else [] for name in ("agents", "permissions")}
    first = {"preset": KeyPreset.ASK.value, "reach": "all", "consent": ConsentBy.OURS.value}
    return several | {name: data.get(name, value) for name, value in first.items()}
