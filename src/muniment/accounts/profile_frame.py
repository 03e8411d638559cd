"""The tabs of My Profile: those of this room, then those that rooms above have put there (`core.registries`)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from muniment.core.actors import Actor
from muniment.core.registries import profile_tabs


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """`current`: the name of the route that is shown. What this actor may not open is not among them."""
    own = (("accounts:profile", _("Profile")), ("accounts:security", _("Security")))
    above = sorted((tab for _name, tab in profile_tabs.items()), key=lambda tab: tab.position)
    further = ((tab.route, tab.label) for tab in above if tab.is_open(actor))
    return [{"label": label, "url": reverse(route), "current": route == current} for route, label in (*own, *further)]
