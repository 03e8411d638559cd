from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "muniment.teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.core.registries import audit_kinds, home_teams, job_handlers, sign_in_rules
        from muniment.teams.events import KINDS
        from muniment.teams.selectors import home_team
        from muniment.teams.setup import CLAIM_STEPS
        from muniment.teams.sign_in_policy import demands
        from muniment.teams.tasks import run_claim_steps

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        home_teams.register("teams", home_team)
        sign_in_rules.register("teams", demands)
        job_handlers.register(CLAIM_STEPS, run_claim_steps)
