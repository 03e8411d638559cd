from django.apps import AppConfig

from muniment.core.registries import audit_kinds


class AgentsConfig(AppConfig):
    name = "muniment.agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.agents.events import KINDS

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
