"""Addresses of this room."""

from django.urls import path

from muniment.agents import views

app_name = "agents"
urlpatterns = [
    path("agents/new", views.new, name="new"),
    path("agents/<str:agent>/character", views.character, name="character"),
    path("agents/<str:agent>/safety", views.safety, name="safety"),
    path("agents/<str:agent>/settings", views.settings, name="settings"),
    path("agents/<str:agent>/delete", views.delete, name="delete"),
]
