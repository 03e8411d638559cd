from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import (
    Schedule,
    agent_grants,
    audit_kinds,
    chat_rules,
    job_handlers,
    key_agents,
    member_departures,
    role_endings,
    schedules,
    start_steps,
)


class AgentsConfig(AppConfig):
    name = "muniment.agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.agents.departing import AGENTS
        from muniment.agents.events import KINDS
        from muniment.agents.granting import forget_role, grants_of
        from muniment.agents.keys import OF_KEYS
        from muniment.agents.outsiders import is_open_to
        from muniment.agents.services import finish_erasures
        from muniment.agents.tasks import SWEEP, sweep_orphans

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        agent_grants.register("agents", grants_of)
        chat_rules.register("agents", is_open_to)
        key_agents.register("agents", OF_KEYS)
        member_departures.register("agents", AGENTS)
        role_endings.register("agents", forget_role)
        job_handlers.register(SWEEP, sweep_orphans)
        schedules.register(SWEEP, Schedule(SWEEP, timedelta(days=1)))
        start_steps.register("agents:erasures", finish_erasures)
