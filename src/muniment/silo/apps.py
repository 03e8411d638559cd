from django.apps import AppConfig

from muniment.core.registries import outbox_sources


class SiloConfig(AppConfig):
    name = "muniment.silo"

    def ready(self) -> None:
        from muniment.silo.outbox import SiloOutboxes

        outbox_sources.register("silos", SiloOutboxes())
