from datetime import timedelta

from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "muniment.scim"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.core.registries import Schedule, audit_kinds, job_handlers, schedules
        from muniment.scim.events import KINDS
        from muniment.scim.tasks import FORGET, run_forget

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(FORGET, run_forget)
        schedules.register(FORGET, Schedule(FORGET, timedelta(days=1)))
