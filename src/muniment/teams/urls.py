"""Addresses of this room."""

from django.urls import path

from muniment.teams import sign_in_page, views

app_name = "teams"
urlpatterns = [
    path("setup", views.setup, name="setup"),
    path("setup/recovery-kit", views.show_kit, name="recovery_kit"),
    path("setup/recovery-kit/check", views.check_kit, name="check_kit"),
    path("team/switch", views.switch, name="switch"),
    path("team/sign-in", sign_in_page.sign_in_policy, name="sign_in_policy"),
    path("team/people/<str:person>/recovery-link", sign_in_page.recovery_link, name="recovery_link"),
]
