"""Addresses of this room."""

from django.urls import path

from muniment.console import agent_list, credit_pages, server_pages, views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("agents", agent_list.agents, name="agents"),
    path("team/credits", credit_pages.credits_page, name="credits"),
    path("receipts/<str:event>", views.receipt, name="receipt"),
    path("receipts/<str:event>/file", views.receipt_file, name="receipt_file"),
    path("server", server_pages.server, name="server"),
    path("server/mail/test", server_pages.test_mail, name="test_mail"),
    path("server/models", server_pages.models, name="models"),
    path("server/models/new", server_pages.new_provider, name="new_provider"),
    path("server/models/in-use/<str:use>/test", server_pages.test_model, name="test_model"),
    path("server/models/<str:provider>", server_pages.provider, name="provider"),
    path("server/models/<str:provider>/test", server_pages.test_provider, name="test_provider"),
    path("server/models/<str:provider>/delete", server_pages.delete_provider, name="delete_provider"),
]
