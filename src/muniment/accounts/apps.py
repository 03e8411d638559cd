from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "muniment.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from muniment.accounts.events import KINDS
        from muniment.accounts.signed_in import describe_session
        from muniment.core.registries import audit_kinds

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        user_logged_in.connect(describe_session, dispatch_uid="accounts.describe_session")
