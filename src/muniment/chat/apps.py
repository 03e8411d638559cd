from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "muniment.chat"
    default_auto_field = "django.db.models.BigAutoField"
