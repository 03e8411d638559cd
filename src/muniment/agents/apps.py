from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import Schedule, audit_kinds, job_handlers, schedules, start_steps


class AgentsConfig(AppConfig):
    name = "muniment.agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.agents.events import KINDS
        from muniment.agents.services import finish_erasures
        from muniment.agents.tasks import SWEEP, sweep_orphans

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(SWEEP, sweep_orphans)
        schedules.register(SWEEP, Schedule(SWEEP, timedelta(days=1)))
        start_steps.register("agents:erasures", finish_erasures)
