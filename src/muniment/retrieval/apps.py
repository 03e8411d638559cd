from django.apps import AppConfig


class RetrievalConfig(AppConfig):
    name = "muniment.retrieval"

    def ready(self) -> None:
        from muniment.retrieval.writing import SealedIndex
        from muniment.silo.chunks import chunk_index

        if "chunks" not in chunk_index:
            chunk_index.register("chunks", SealedIndex())
