"""What a browser sends about documents."""

from collections.abc import Iterable
from urllib.parse import unquote

from django.http import HttpRequest

from muniment.core.request_body import pieces
from muniment.ingest.errors import UploadTooLargeError
from muniment.ingest.services import upload_limit

STREAM = "application/octet-stream"
DELETE = "X-Delete-Original"  # any value: the file is deleted after reading
NAME = "X-Document-Name"  # percent-encoded UTF-8: a name in the address would be in the logs of every proxy


def streamed_name(request: HttpRequest) -> str:
    return unquote(request.headers.get(NAME, ""))


def deletes_original(request: HttpRequest) -> bool:
    """Whether the upload, of either kind, asks for it."""
    return bool(request.headers.get(DELETE) if request.content_type == STREAM else request.POST.get("delete_original"))


def streamed_body(request: HttpRequest) -> Iterable[bytes]:
    """The body as it arrives, straight from the connection. A size announced too large is refused before a byte.

    Raises UploadTooLargeError; UnreadablePostError when the other end leaves or stands still.
    """
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > upload_limit():
        raise UploadTooLargeError(upload_limit())
    yield from pieces(request.read)
