"""Addresses of this room."""

from django.urls import path

from muniment.agents import opening_pages, people_pages, views

app_name = "agents"
urlpatterns = [
    path("agents/new", views.new, name="new"),
    path("agents/<str:agent>/character", views.character, name="character"),
    path("agents/<str:agent>/safety", views.safety, name="safety"),
    path("agents/<str:agent>/people", people_pages.people, name="people"),
    path("agents/<str:agent>/people/<int:grant>/revoke", people_pages.revoke, name="revoke_grant"),
    path("agents/<str:agent>/chat-users", opening_pages.open_agent, name="open_agent"),
    path("agents/<str:agent>/chat-users/<str:opening>", opening_pages.change, name="change_opening"),
    path("agents/<str:agent>/chat-users/<str:opening>/close", opening_pages.close, name="close_opening"),
    path("agents/<str:agent>/sharing", people_pages.sharing, name="sharing"),
    path("agents/<str:agent>/settings", views.settings, name="settings"),
    path("agents/<str:agent>/delete", views.delete, name="delete"),
]
