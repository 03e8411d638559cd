from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScimConfig(AppConfig):
    name = "muniment.scim"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.core.registries import (
            ProfileTab,
            Schedule,
            audit_kinds,
            group_rule_changes,
            job_handlers,
            profile_tabs,
            schedules,
        )
        from muniment.scim.events import KINDS
        from muniment.scim.policies import may_view
        from muniment.scim.roles import follow_new_rules
        from muniment.scim.tasks import FORGET, run_forget

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(FORGET, run_forget)
        group_rule_changes.register("scim", follow_new_rules)
        profile_tabs.register("scim", ProfileTab(2, _("Provisioning"), "scim:home", may_view))
        schedules.register(FORGET, Schedule(FORGET, timedelta(days=1)))
