"""The addresses of the worker program: health only. No port is opened for them; monitoring may serve them."""

from django.urls import path

from staydown.site.health import health

urlpatterns = [path("health", health)]
