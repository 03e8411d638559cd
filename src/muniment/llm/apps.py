from django.apps import AppConfig


class LlmConfig(AppConfig):
    name = "muniment.llm"
    default_auto_field = "django.db.models.BigAutoField"
