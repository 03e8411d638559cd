from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "muniment.jobs"
    default_auto_field = "django.db.models.BigAutoField"
