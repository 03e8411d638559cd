from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import Schedule, audit_kinds, job_handlers, schedules, start_steps


class RetrievalConfig(AppConfig):
    name = "muniment.retrieval"

    def ready(self) -> None:
        from muniment.retrieval import tasks
        from muniment.retrieval.events import KINDS
        from muniment.retrieval.writing import SealedIndex
        from muniment.silo.chunks import EMBEDDING_JOB, chunk_index

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(EMBEDDING_JOB, tasks.embed_anew)
        job_handlers.register(tasks.LOOK, tasks.look_at_models)
        schedules.register(tasks.LOOK, Schedule(tasks.LOOK, timedelta(days=1)))
        start_steps.register(tasks.LOOK, tasks.look_soon)

        if "chunks" not in chunk_index:
            chunk_index.register("chunks", SealedIndex())
