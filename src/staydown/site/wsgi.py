"""What granian's worker process serves: the application of the program that DJANGO_SETTINGS_MODULE names."""

import multiprocessing
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from staydown.site import leash


def load() -> WSGIApplication:
    """The WSGI application, in a process that dies with the granian that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        leash.die_with(parent.pid)
    whole = get_wsgi_application()
    if settings.ROOT_URLCONF != "staydown.site.app_urls":
        return whole
    from staydown.platforms.shortly import Shortly  # its tables are there once Django is set up

    return Shortly(whole)
