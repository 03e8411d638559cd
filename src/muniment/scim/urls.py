"""Addresses of this room: its page, and one below which the protocol has its own."""

from django.urls import path

from muniment.scim import pages, views

app_name = "scim"
urlpatterns = [
    path("profile/provisioning", pages.home, name="home"),
    path("profile/provisioning/tokens", pages.new, name="new_token"),
    path("profile/provisioning/tokens/<str:token>/revoke", pages.revoke, name="revoke_token"),
    path("profile/provisioning/rules", pages.apply, name="apply_rules"),
    path("scim/v2", views.scim, name="root"),
    path("scim/v2/", views.scim, name="root_slash"),
    path("scim/v2/<path:path>", views.scim, name="scim"),
]
