"""Addresses of this room."""

from django.urls import path

from muniment.console import views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("agents", views.agents, name="agents"),
    path("receipts/<str:event>", views.receipt, name="receipt"),
    path("receipts/<str:event>/file", views.receipt_file, name="receipt_file"),
]
