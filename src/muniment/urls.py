"""Every address of the product, by room. Each has a row in docs/permissions.md."""

from muniment.core.rooms import RoomResolver, room

urlpatterns: list[RoomResolver] = [
    room("muniment.api.urls"),  # first: most often asked for
    room("muniment.scim.urls"),
    room("muniment.console.urls"),
    room("muniment.ingest.urls"),
    room("muniment.agents.urls"),
    room("muniment.teams.urls"),
    room("muniment.accounts.urls"),
    room("muniment.sso.urls"),
    room("muniment.chat.urls"),
]

handler400 = "muniment.console.errors.bad_request"
handler403 = "muniment.console.errors.permission_denied"
handler404 = "muniment.console.errors.not_found"
handler429 = "muniment.console.errors.too_many"  # allauth's limits ask for it
handler500 = "muniment.console.errors.server_error"
