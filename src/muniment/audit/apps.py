from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "muniment.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.audit.events import KINDS
        from muniment.audit.refused_connections import record_refusal
        from muniment.audit.ticker import bring_in
        from muniment.core.registries import audit_kinds, egress_rules, tickers

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        tickers.register("audit:sequencer", bring_in)
        egress_rules.register("audit:refusals", record_refusal)
