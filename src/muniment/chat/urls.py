"""Addresses of this room."""

from django.urls import path

from muniment.chat import views

app_name = "chat"
urlpatterns = [
    path("conversations", views.conversations, name="conversations"),
    path("agents/<str:agent>", views.start, name="ask"),
    path("agents/<str:agent>/ask", views.ask, name="ask_question"),
    path("agents/<str:agent>/feedback", views.feedback, name="feedback"),
    path("agents/<str:agent>/conversations/delete", views.delete_all, name="delete_all"),
    path("agents/<str:agent>/conversations/<str:conversation>", views.resume, name="ask_conversation"),
    path("agents/<str:agent>/conversations/<str:conversation>/rename", views.rename, name="rename"),
    path("agents/<str:agent>/conversations/<str:conversation>/delete", views.delete, name="delete"),
    path("agents/<str:agent>/documents/<str:document>", views.viewer, name="viewer"),
    path("agents/<str:agent>/documents/<str:document>/pages/<int:number>", views.viewer_page, name="viewer_page"),
]
