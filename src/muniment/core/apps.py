from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import Schedule, job_handlers, schedules


class CoreConfig(AppConfig):
    name = "muniment.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.core.database.upgrade_copies import JOB, forget_upgrade_copies

        job_handlers.register(JOB, forget_upgrade_copies)
        schedules.register(JOB, Schedule(JOB, timedelta(hours=1)))
