from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "muniment.teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from muniment.core.registries import Schedule, audit_kinds, home_teams, job_handlers, schedules, sign_in_rules
        from muniment.teams import tasks
        from muniment.teams.domain_checks import CHECK, TELL
        from muniment.teams.events import KINDS
        from muniment.teams.selectors import home_team
        from muniment.teams.setup import CLAIM_STEPS
        from muniment.teams.sign_in_policy import demands

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        home_teams.register("teams", home_team)
        sign_in_rules.register("teams", demands)
        job_handlers.register(CLAIM_STEPS, tasks.run_claim_steps)
        job_handlers.register(CHECK, tasks.check_due_domain)
        job_handlers.register(TELL, tasks.tell_of_domain)
        job_handlers.register(tasks.PLAN, tasks.plan_due_domains)
        schedules.register(tasks.PLAN, Schedule(tasks.PLAN, timedelta(hours=1)))
