"""Addresses of this room. The viewer of a document is chat's: it opens at a citation."""

from django.urls import path

from muniment.ingest import masking_pages, views

app_name = "ingest"
urlpatterns = [
    path("agents/<str:agent>/knowledge", views.knowledge, name="knowledge"),
    path("agents/<str:agent>/documents", views.upload, name="upload"),
    path("agents/<str:agent>/documents/<str:document>/about", views.about, name="about"),
    path("agents/<str:agent>/documents/delete", views.delete, name="delete"),
    path("agents/<str:agent>/deletion", views.deletion, name="deletion"),
    path("agents/<str:agent>/reading", views.reading, name="reading"),
    path("agents/<str:agent>/originals/delete", views.erase_originals, name="erase_originals"),
    path("agents/<str:agent>/documents/retry", views.retry, name="retry"),
    path("agents/<str:agent>/safety/masking", masking_pages.masking, name="masking"),
    path("agents/<str:agent>/safety/masking/try", masking_pages.try_masking, name="masking_try"),
]
