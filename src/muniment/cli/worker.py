import click

from muniment.cli.frame import Prepared
from muniment.core.faults import log_uncaught
from muniment.core.process import end_with
from muniment.jobs.services import run_worker


@click.command(cls=Prepared)
@click.option("--parent", type=int, hidden=True, help="End with this process.")
def worker(parent: int | None) -> None:
    """Run background jobs until stopped by SIGTERM or Ctrl-C.

    `serve` starts a worker of its own; start more on the same machine when documents wait too long.
    """
    log_uncaught()
    if parent is not None:
        end_with(parent)
    run_worker(parent=parent)
