"""Pages that combine rooms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from muniment.core.requests import ActorRequest
from muniment.teams.selectors import teams_of


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """Where a signed-in person starts."""
    teams = [
        {"id": team.pk, "name": team.name, "current": team.pk == request.actor.team} for team in teams_of(request.actor)
    ]
    return render(request, "console/home.html", {"teams": teams, "crumbs": []})
