from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "muniment.backup"
    default_auto_field = "django.db.models.BigAutoField"
