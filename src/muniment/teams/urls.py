"""Addresses of this room."""

from django.urls import path

from muniment.teams import views

app_name = "teams"
urlpatterns = [
    path("setup", views.setup, name="setup"),
    path("setup/recovery-kit", views.show_kit, name="recovery_kit"),
    path("setup/recovery-kit/check", views.check_kit, name="check_kit"),
    path("team/switch", views.switch, name="switch"),
]
