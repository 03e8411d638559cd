from django.apps import AppConfig

from muniment.core.registries import audit_kinds, job_handlers


class CreditsConfig(AppConfig):
    name = "muniment.credits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.credits.events import KINDS
        from muniment.credits.tasks import tell_owners
        from muniment.credits.types import MAIL_JOB

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(MAIL_JOB, tell_owners)
