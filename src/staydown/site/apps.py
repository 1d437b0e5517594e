from django.apps import AppConfig


class Site(AppConfig):
    name = "staydown.site"
