"""Addresses of this room."""

from django.urls import path

from muniment.chat import outside_views, views

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
    path("chat/<str:agent>", outside_views.come, name="outside"),
    path("chat/<str:agent>/sign-in", outside_views.sign_in, name="outside_sign_in"),
    path("chat/<str:agent>/sign-out", outside_views.sign_out, name="outside_sign_out"),
    path("chat/<str:agent>/ask", outside_views.ask, name="outside_ask"),
    path("chat/<str:agent>/feedback", outside_views.feedback, name="outside_feedback"),
    path("chat/<str:agent>/conversations", outside_views.conversations, name="outside_conversations"),
    path("chat/<str:agent>/conversations/<str:conversation>", outside_views.resume, name="outside_conversation"),
    path("chat/<str:agent>/conversations/<str:conversation>/rename", outside_views.rename, name="outside_rename"),
    path("chat/<str:agent>/conversations/<str:conversation>/delete", outside_views.delete, name="outside_delete"),
    path("chat/<str:agent>/documents/<str:document>", outside_views.viewer, name="outside_viewer"),
]
