from django.apps import AppConfig

from muniment.core.registries import audit_kinds, job_handlers, member_departures, start_steps, tickers


class IngestConfig(AppConfig):
    name = "muniment.ingest"

    def ready(self) -> None:
        from muniment.ingest import services, tasks
        from muniment.ingest.departing import DOCUMENTS
        from muniment.ingest.events import KINDS
        from muniment.ingest.queue import JOB

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(JOB, tasks.read_documents)
        member_departures.register("ingest", DOCUMENTS)
        tickers.register("ingest:waiting", services.enqueue_waiting)
        start_steps.register("ingest:waiting", services.mark_waiting)
