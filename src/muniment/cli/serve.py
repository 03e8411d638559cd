"""`muniment serve`: the web server, with a worker and the detector beside it."""

import importlib
import signal
import sys
from types import FrameType

import click
import uvicorn
from django.conf import settings

from muniment.cli.connections import PromptConnection
from muniment.cli.frame import Prepared
from muniment.cli.worker_process import worker_process
from muniment.core.errors import SettingsError
from muniment.core.faults import log_uncaught
from muniment.core.network.listening import check_address, check_certificate, listen_as_reached
from muniment.core.process import open_many_files
from muniment.pii.services import detector_kept
from muniment.teams.selectors import is_claimed, operator_actor
from muniment.teams.services import issue_setup_link


@click.command(cls=Prepared)
def serve() -> None:
    """Serve the web pages on MUNIMENT_HOST and MUNIMENT_PORT, run a worker and the detector, until stopped."""
    log_uncaught()
    _check_settings()
    open_many_files()
    config = _config()
    host, port = settings.MUNIMENT_HOST, settings.MUNIMENT_PORT
    listeners = listen_as_reached(host, port, base_url=settings.MUNIMENT_BASE_URL)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn takes them over, and raises them again when it is done
    _say_where()
    worker = worker_process()
    with detector_kept():
        worker.start()
        try:
            uvicorn.Server(config).run(sockets=listeners)
        finally:
            worker.stop()


def _check_settings() -> None:
    certificate, key = settings.MUNIMENT_TLS_CERTIFICATE, settings.MUNIMENT_TLS_KEY
    check_address(
        host=settings.MUNIMENT_HOST,
        base_url=settings.MUNIMENT_BASE_URL,
        tls=check_certificate(certificate=certificate, key=key),
        proxy=settings.MUNIMENT_TRUSTED_PROXY,
        claimed=is_claimed(),
    )


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _config() -> uvicorn.Config:
    config = uvicorn.Config(
        importlib.import_module("muniment.asgi").application,
        log_config=None,
        access_log=False,  # addresses of pages name agents and conversations; outcomes are in the audit log
        server_header=False,
        lifespan="on",
        loop="uvloop",
        http=PromptConnection,
        ws="none",
        proxy_headers=False,  # console.middleware.TrustedProxy reads them, and needs to see the real peer for that
        ssl_certfile=settings.MUNIMENT_TLS_CERTIFICATE or None,
        ssl_keyfile=settings.MUNIMENT_TLS_KEY or None,
        timeout_graceful_shutdown=5,
    )
    try:
        config.load()
    except OSError:  # ssl.SSLError is one
        raise SettingsError(
            "MUNIMENT_TLS_CERTIFICATE and MUNIMENT_TLS_KEY cannot be used. Set them to readable PEM files that belong "
            "together, the key without a password."
        ) from None
    return config


def _say_where() -> None:
    click.echo(f"Muniment serves on {settings.MUNIMENT_BASE_URL.origin}")
    click.echo(f"  documents and conversations, encrypted: {settings.MUNIMENT_HOME}")
    click.echo(f"  their keys, to be kept apart:           {settings.MUNIMENT_KEYS}")
    if is_claimed():
        return
    if sys.stdout.isatty():  # a link in a file or a journal could be read by others, or later
        link = issue_setup_link(actor=operator_actor(None))
        click.echo(f"\nOpen this link once, within 30 minutes, to become the owner:\n\n  {link}\n")
    else:
        click.echo("Nobody owns this installation yet. For the link that claims it, run: muniment setup-link")
