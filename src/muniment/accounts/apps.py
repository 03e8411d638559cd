from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "muniment.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from muniment.accounts.email_change import SEND_EMAIL_CHANGE
        from muniment.accounts.events import KINDS
        from muniment.accounts.links import SEND_LINK
        from muniment.accounts.signed_in import describe_session
        from muniment.accounts.tasks import run_send_email_change, run_send_link
        from muniment.core.registries import audit_kinds, job_handlers

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(SEND_LINK, run_send_link)
        job_handlers.register(SEND_EMAIL_CHANGE, run_send_email_change)
        user_logged_in.connect(describe_session, dispatch_uid="accounts.describe_session")
