"""What a request carries besides Django's own; for the types of views."""

from django.http import HttpRequest

from muniment.core.actors import Actor


class ActorRequest(HttpRequest):
    """A signed-in person's request: `teams.middleware` has found who acts before the view runs."""

    actor: Actor
