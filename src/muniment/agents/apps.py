from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "muniment.agents"
    default_auto_field = "django.db.models.BigAutoField"
