from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import Schedule, job_handlers, schedules, tickers


class JobsConfig(AppConfig):
    name = "muniment.jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.jobs.handlers import forget_finished
        from muniment.jobs.schedules import enqueue_due

        job_handlers.register("jobs:forget_finished", forget_finished)
        schedules.register("jobs:forget_finished", Schedule("jobs:forget_finished", timedelta(hours=1)))
        tickers.register("jobs:schedules", enqueue_due)
