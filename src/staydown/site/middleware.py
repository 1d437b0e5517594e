"""What every web program does around a request."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from staydown.site.rows import uuid7

Handler = Callable[[HttpRequest], HttpResponse]


def request_id(handler: Handler) -> Handler:
    """Bind an id to the request's log lines; it names the request and nobody."""

    def handle(request: HttpRequest) -> HttpResponse:
        with structlog.contextvars.bound_contextvars(request_id=str(uuid7())):
            return handler(request)

    return handle
