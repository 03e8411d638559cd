from django.apps import AppConfig

from muniment.core.registries import audit_kinds


class BackupConfig(AppConfig):
    name = "muniment.backup"

    def ready(self) -> None:
        from muniment.backup.events import KINDS

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
