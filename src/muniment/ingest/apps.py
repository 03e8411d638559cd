from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import (
    Schedule,
    audit_kinds,
    job_handlers,
    member_departures,
    schedules,
    start_steps,
    tickers,
)


class IngestConfig(AppConfig):
    name = "muniment.ingest"

    def ready(self) -> None:
        from muniment.credits.types import SPACE_JOB
        from muniment.ingest import room, services, tasks
        from muniment.ingest.departing import DOCUMENTS
        from muniment.ingest.events import KINDS
        from muniment.ingest.queue import JOB

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(JOB, tasks.read_documents)
        job_handlers.register(SPACE_JOB, room.let_in)
        job_handlers.register(room.COUNT, room.count)
        job_handlers.register(room.RECOUNT, room.recount)
        schedules.register(room.COUNT, Schedule(room.COUNT, timedelta(hours=1)))
        schedules.register(room.RECOUNT, Schedule(room.RECOUNT, timedelta(days=1)))
        member_departures.register("ingest", DOCUMENTS)
        tickers.register("ingest:waiting", services.enqueue_waiting)
        start_steps.register("ingest:waiting", services.mark_waiting)
        start_steps.register("ingest:words", services.count_at_start)
