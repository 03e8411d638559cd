from django.apps import AppConfig

from muniment.core.registries import audit_kinds, claim_steps


class ConsoleConfig(AppConfig):
    name = "muniment.console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.console.demonstration import make_demonstration
        from muniment.console.events import KINDS

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        claim_steps.register("console:demonstration", make_demonstration)
