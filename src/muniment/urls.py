"""Every address of the product, by room. Each has a row in docs/permissions.md."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("muniment.api.urls")),  # first: most often asked for
    path("", include("muniment.scim.urls")),
    path("", include("muniment.console.urls")),
    path("", include("muniment.ingest.urls")),
    path("", include("muniment.agents.urls")),
    path("", include("muniment.teams.urls")),
    path("", include("muniment.accounts.urls")),
    path("", include("muniment.sso.urls")),
    path("", include("muniment.chat.urls")),
]

handler400 = "muniment.console.errors.bad_request"
handler403 = "muniment.console.errors.permission_denied"
handler404 = "muniment.console.errors.not_found"
handler429 = "muniment.console.errors.too_many"  # allauth's limits ask for it
handler500 = "muniment.console.errors.server_error"
