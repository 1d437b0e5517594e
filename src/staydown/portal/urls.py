"""The addresses of the portal program."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from staydown.portal import followed, keeping, published, shots, views
from staydown.site.health import health

urlpatterns = [
    path("health", health),
    *i18n_patterns(
        path("", views.doors, name="doors"),
        path("report", views.report, name="report"),
        path("report/<str:token>", views.report, name="report_item"),
        path("form/<str:door>", views.report, name="report_door"),
        path("button", views.button, name="button"),
        path("organisations", views.official, name="official"),
        path("published", published.published, name="published"),
        path("kept", keeping.kept, name="kept"),
        path("follow", followed.follow, name="follow"),
        path("more", followed.more, name="more"),
        path("add", shots.shot, name="shot"),
    ),
]
