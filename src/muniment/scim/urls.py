"""Addresses of this room: one, below which the protocol has its own."""

from django.urls import path

from muniment.scim import views

app_name = "scim"
urlpatterns = [
    path("scim/v2", views.scim, name="root"),
    path("scim/v2/", views.scim, name="root_slash"),
    path("scim/v2/<path:path>", views.scim, name="scim"),
]
