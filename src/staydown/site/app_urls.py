"""The addresses of the app program: the console, the staff's sign-in, the platform API."""

from django.urls import include, path

from staydown.platforms.api import api
from staydown.site.health import health

urlpatterns = [
    path("health", health),
    path("api/v1/", api.urls),
    path("", include("staydown.people.urls")),
    path("", include("staydown.console.urls")),
]
