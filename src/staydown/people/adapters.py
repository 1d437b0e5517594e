"""What allauth does differently here."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from staydown.people.factors import has_second_factor
from staydown.people.models import Staff
from staydown.people.rules import OUTSIDE
from staydown.vault import opening, words

SEALED = "age:"  # before what is sealed; a secret without it was stored by a version that did not seal


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Staff are created by the operator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made on the command line."""
        return False

    def set_password(self, user: Staff, password: str) -> None:
        """Set it; whoever just chose it is not asked for it again on the next page."""
        super().set_password(user, password)
        if self.request.user == user:
            reauthenticate_by_password(self.request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the desk, for who comes from outside."""
        outside = isinstance(request.user, Staff) and request.user.role in OUTSIDE
        return reverse("desk") if outside else str(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to the second factor where there is none yet."""
        staff = request.user
        if settings.DEMO or (isinstance(staff, Staff) and has_second_factor(staff)):
            return self.get_login_redirect_url(request)
        return reverse("mfa_index")

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """None: staff have no e-mail address here."""


class StaffFactors(DefaultMFAAdapter):  # type: ignore[misc]  # the same
    """The secrets of authenticator apps, and what recovery codes are made from, are sealed to the working key."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return SEALED + base64.b64encode(words.seal(text, settings.WORKING_PUBLIC)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises `opening.CannotOpen`."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return opening.read(base64.b64decode(encrypted_text.removeprefix(SEALED)))
