"""The addresses of the app program: the console, the staff's sign-in, the desk, the platform API."""

from django.urls import include, path

from staydown.desk.api import api as desk_api
from staydown.platforms.api import api
from staydown.site.health import health

urlpatterns = [
    path("health", health),
    path("api/v1/desk/", desk_api.urls),
    path("api/v1/", api.urls),
    path("desk/", include("staydown.desk.urls")),
    path("", include("staydown.people.urls")),
    path("", include("staydown.console.urls")),
]
