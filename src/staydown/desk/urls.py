"""The addresses of the desk."""

from django.urls import path

from staydown.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("orders/new", views.new_order, name="desk_new_order"),
    path("orders/<uuid:authority_order_id>", views.order, name="desk_order"),
    path("lists/new", views.new_list, name="desk_new_list"),
    path("lists/<uuid:list_id>", views.flag_list, name="desk_list"),
]
