from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "muniment.accounts"
    default_auto_field = "django.db.models.BigAutoField"
