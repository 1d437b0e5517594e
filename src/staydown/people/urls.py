"""The addresses of the staff's sign-in. What allauth has beyond these (sign-up, e-mail, resets) does not exist here."""

from allauth.account import views as account
from django.urls import include, path

from staydown.people import views

urlpatterns = [
    path("enter", views.ask_for_a_link, name="ask_for_a_link"),
    path("enter/<str:token>", views.enter, name="enter"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
]
