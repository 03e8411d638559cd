"""Addresses of this room. None of allauth's own: what is not here cannot be asked for."""

from django.urls import path

from muniment.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("profile", views.profile, name="profile"),
    path("profile/security", views.security, name="security"),
    path("profile/sessions/end-others", views.end_others, name="end_others"),
]
