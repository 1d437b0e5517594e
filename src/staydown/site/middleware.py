"""What every web program does around a request."""

from collections.abc import Callable

import structlog
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import resolve
from django.utils import translation

from staydown.site.rows import uuid7

Handler = Callable[[HttpRequest], HttpResponse]
API = "/api/"


def request_id(handler: Handler) -> Handler:
    """Bind an id to the request's log lines; it names the request and nobody."""

    def handle(request: HttpRequest) -> HttpResponse:
        with structlog.contextvars.bound_contextvars(request_id=str(uuid7())):
            return handler(request)

    return handle


def straight_to_the_api(handler: Handler) -> Handler:
    """Let the platform API pass by what only pages need: session, language, cookies, forms, static files.

    It is called by programs with a key of their own, thousands of times a second, and these took half of each call.
    """
    called: Handler = convert_exception_to_response(_called)  # type: ignore[assignment]  # it is not asynchronous

    def handle(request: HttpRequest) -> HttpResponse:
        return called(request) if request.path_info.startswith(API) else handler(request)

    return handle


def only_text(handler: Handler) -> Handler:
    """Refuse what no text has (NUL): PostgreSQL would, too, in the midst of an act."""

    def handle(request: HttpRequest) -> HttpResponse:
        said = [each for form in (request.GET, request.POST) for _, values in form.lists() for each in values]
        return HttpResponseBadRequest() if any("\x00" in each for each in said) else handler(request)

    return handle


def _called(request: HttpRequest) -> HttpResponse:
    """What the address's own view answers, in no language that another request of this thread has chosen."""
    translation.deactivate()
    found = request.resolver_match = resolve(request.path_info)
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    response.headers.setdefault("Content-Length", str(len(response.content)))  # else it is sent in chunks
    return response
