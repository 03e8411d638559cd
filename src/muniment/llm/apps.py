from django.apps import AppConfig

from muniment.core.registries import audit_kinds


class LlmConfig(AppConfig):
    name = "muniment.llm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.llm.events import KINDS

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
