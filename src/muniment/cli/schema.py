"""The schema of the control plane against what this program knows of it."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from muniment.core.database.upgrade_copies import copy_before_upgrade, forget_old_copies
from muniment.core.errors import SettingsError


def bring_up() -> None:
    """Makes the tables, or brings older ones up after a copy was made. Refuses newer ones. Call under `start_lock`."""
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    if unknown:
        # Writing with old rules into new tables could lose what the newer program keeps there.
        raise SettingsError(
            "The data was written by a newer Muniment. Install that version again, or restore a backup made before."
        )
    forget_old_copies()
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations:
        copy_before_upgrade()
    call_command("migrate", verbosity=0, interactive=False)


def pending() -> int:
    """How many migrations are not applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
