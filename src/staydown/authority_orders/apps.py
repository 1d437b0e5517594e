from django.apps import AppConfig


class AuthorityOrders(AppConfig):
    name = "staydown.authority_orders"
