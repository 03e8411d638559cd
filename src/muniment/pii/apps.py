from django.apps import AppConfig

from muniment.core.registries import outbound_gates


class PiiConfig(AppConfig):
    name = "muniment.pii"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.pii.outbound import mask_outbound

        outbound_gates.register("personal data", mask_outbound)
