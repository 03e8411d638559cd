from django.apps import AppConfig

from muniment.core.registries import claim_steps


class ConsoleConfig(AppConfig):
    name = "muniment.console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.console.demonstration import make_demonstration

        claim_steps.register("console:demonstration", make_demonstration)
