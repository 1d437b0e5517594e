"""The platform API, `/api/v1`: what a platform's engineer plugs in."""

from staydown.platforms.api import checks, items, notices, orders, reports
from staydown.platforms.api.door import api

__all__ = ["api"]

for calls in (checks, items, reports, orders, notices):  # as they come in the description
    api.add_router("", calls.router)
