from django.apps import AppConfig

from muniment.core.registries import outbox_sources, start_steps


class SiloConfig(AppConfig):
    name = "muniment.silo"

    def ready(self) -> None:
        from muniment.silo.outbox import SiloOutboxes
        from muniment.silo.services import resume

        outbox_sources.register("silos", SiloOutboxes())
        start_steps.register("silo:resume", resume)
