"""What this API has addresses for and Muniment has not, or not yet; and what it has in another place. Each says so."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from muniment.accounts.selectors import own_account
from muniment.agents.selectors import agents
from muniment.api.authentication import KeyRequest
from muniment.api.errors import UnsupportedError
from muniment.api.numbers import number
from muniment.api.v1.door import Route, project
from muniment.api.v1.envelopes import failure, moment, success
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.credits.selectors import levels
from muniment.teams.selectors import team_of

_REPORTS = "Reports are not built yet. GET /api/v1/projects/{id}/stats counts what an agent holds and was asked."
_PLUGINS = "There are no plugins of an agent. Any OpenAI client can ask it: docs/api.md."
_LICENCES = "There are no licences of an agent. Give others a key, or make them members of your team."


def report_of(request: KeyRequest, project_id: int) -> HttpResponse:
    """Nothing is counted of who asks, and from where."""
    project(request, project_id)
    return failure(request, HTTPStatus.NOT_IMPLEMENTED, _REPORTS)


def get_plugin(request: KeyRequest, project_id: int) -> HttpResponse:
    project(request, project_id)
    raise NotFoundError(_PLUGINS)


def change_plugin(request: KeyRequest, project_id: int) -> HttpResponse:
    project(request, project_id)
    raise UnsupportedError(_PLUGINS)


def list_licenses(request: KeyRequest, project_id: int) -> HttpResponse:
    project(request, project_id)
    return success([])


def create_license(request: KeyRequest, project_id: int) -> HttpResponse:
    project(request, project_id)
    return failure(request, HTTPStatus.UNPROCESSABLE_ENTITY, _LICENCES)


def license_of(request: KeyRequest, project_id: int, license_id: int) -> HttpResponse:  # noqa: ARG001
    project(request, project_id)
    raise NotFoundError(_LICENCES)


def get_user(request: KeyRequest) -> HttpResponse:
    """The key's person. A key of the team's has none: its id is 0, and it has no address."""
    return success(_user(request))


def update_user(request: KeyRequest) -> HttpResponse:  # noqa: ARG001 - its caller's
    raise PermissionDeniedError("A key does not change the account behind it. Sign in, then open My Profile.")


def limits(request: KeyRequest) -> HttpResponse:
    """What the team uses: words stored, and questions answered in this month. No limit is null; the number of agents
    has none.
    """
    use = levels(request.actor)
    return success(
        {
            "max_projects_num": None,
            "current_projects_num": agents(request.actor).count(),
            "max_total_storage_credits": use.words.limit,
            "current_total_storage_credits": use.words.used,
            "max_queries": use.queries.limit,
            "current_queries": use.queries.used,
        }
    )


def _user(request: KeyRequest) -> dict[str, Any]:
    team = team_of(request.actor)
    since, email, name, pk = team.created_at, "", team.name, 0
    if request.actor.user is not None:
        person = own_account(request.actor)
        since, email, name, pk = person.created_at, person.email, person.name or person.email, person.pk
    return {
        "created_at": moment(since),
        "email": email,
        "id": pk,
        "current_team_id": number(team.pk),
        "name": name,
        "profile_photo_url": "",
        "updated_at": moment(since),
    }


ROUTES: tuple[Route, ...] = (
    ("GET", "/projects/{int:project_id}/reports/traffic", "report_traffic", report_of),
    ("GET", "/projects/{int:project_id}/reports/queries", "report_queries", report_of),
    ("GET", "/projects/{int:project_id}/reports/conversations", "report_conversations", report_of),
    ("GET", "/projects/{int:project_id}/reports/analysis", "report_analysis", report_of),
    ("GET", "/projects/{int:project_id}/reports/intelligence", "report_intelligence", report_of),
    ("GET", "/projects/{int:project_id}/plugins", "plugins", get_plugin),
    ("POST", "/projects/{int:project_id}/plugins", "create_plugin", change_plugin),
    ("PUT", "/projects/{int:project_id}/plugins", "update_plugin", change_plugin),
    ("GET", "/projects/{int:project_id}/licenses", "licenses", list_licenses),
    ("POST", "/projects/{int:project_id}/licenses", "create_license", create_license),
    ("GET", "/projects/{int:project_id}/licenses/{int:license_id}", "license", license_of),
    ("PUT", "/projects/{int:project_id}/licenses/{int:license_id}", "update_license", license_of),
    ("DELETE", "/projects/{int:project_id}/licenses/{int:license_id}", "delete_license", license_of),
    ("GET", "/user", "user", get_user),
    ("POST", "/user", "update_user", update_user),
    ("GET", "/limits/usage", "limits", limits),
)
