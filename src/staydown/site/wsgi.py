"""What granian's worker process serves: the application of the program that DJANGO_SETTINGS_MODULE names."""

import multiprocessing

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from staydown.site import leash


def load() -> WSGIHandler:
    """The WSGI application, in a process that dies with the granian that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        leash.die_with(parent.pid)
    return get_wsgi_application()
