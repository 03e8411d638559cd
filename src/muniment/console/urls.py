"""Addresses of this room."""

from django.urls import path

from muniment.console import views

app_name = "console"
urlpatterns = [path("", views.home, name="home")]
