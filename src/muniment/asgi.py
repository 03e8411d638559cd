"""The server's application: `uvicorn muniment.asgi:application`. Importing does nothing; the start does."""

import os
from functools import lru_cache

import django
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from muniment.core.request_handler import RequestHandler


@lru_cache(maxsize=1)
def _django() -> RequestHandler:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    django.setup(set_prefix=False)
    return RequestHandler()


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await _django()(scope, receive, send)


async def _live(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """ASGI lifespan protocol 2.0: a start that fails is told to the server instead of to the first person."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _django()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            _django().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
