"""What every command does last: close the control plane and the silos, so that each is one file again."""

from django.db import connections

from muniment.silo.services import close_all


def close_databases() -> None:
    """Who copies a database, puts it back or finds it damaged deals with one file: the last connection that is closed
    writes the log beside it (`-wal`) into it, and removes the log (sqlite.org/wal.html, section 4.1).
    """
    close_all()
    connections.close_all()
