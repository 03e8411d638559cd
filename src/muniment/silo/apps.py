from django.apps import AppConfig


class SiloConfig(AppConfig):
    name = "muniment.silo"
    default_auto_field = "django.db.models.BigAutoField"
