"""The app: the platform API and the staff's console."""

from urllib.parse import urlsplit

from staydown.authorities.cybertip import connection
from staydown.banks import policy
from staydown.cases import hiding, strikes, undoing
from staydown.cluster import Spread
from staydown.journal import partners
from staydown.people import exposure
from staydown.recognition import policy as recognition
from staydown.recognition import texts
from staydown.site import options
from staydown.site.settings.base import *  # noqa: F403  a settings module is the base plus its own lines
from staydown.site.settings.base import APP_URL, DEMO, INSTALLED_APPS, TEMPLATES
from staydown.transparency import database
from staydown.vault.retention import timer

SECRET_KEY = options.value("SECRET_KEY")
WORKING_KEY, *FORMER_WORKING_KEYS = options.values("WORKING_KEY")
FINGERPRINT_KEY, *FORMER_FINGERPRINT_KEYS = (bytes.fromhex(key) for key in options.values("FINGERPRINT_KEY"))
LINK_KEY = bytes.fromhex(options.value("LINK_KEY"))
OUTSIDE_ALLOW = options.value("OUTSIDE_ALLOW")
TRANSPARENCY = database.read(options.value("TRANSPARENCY"))
CYBERTIP = connection.read(options.value("CYBERTIP"), options.value("CYBERTIP_PERSON"))
TSA = partners.authorities(options.value("TSA"))
TSA_ROOTS = partners.roots(TSA, options.value("TSA_ROOTS"))
WITNESSES = partners.witnesses(options.value("WITNESS"))
POLICIES = policy.read(options.value("DISTANCES"), options.value("SHADOW"))
CANARIES = options.value("CANARIES")
BLAST_RADIUS = policy.read_blast_radius(options.value("BLAST_RADIUS"))
ROLLOUT = policy.read_rollout(options.value("ROLLOUT"))
UNDO = undoing.read(options.value("UNDO"))
STRIKES = strikes.read(options.value("STRIKES"))
RECOGNITION = recognition.at(options.value("RECOGNITION"))
TEXTS = texts.read(options.value("TEXTS"))
HIDDEN = hiding.read(options.value("HIDDEN"))
EXPOSURE = exposure.read(options.value("EXPOSURE"))
RETENTION_TIMER = timer.read(options.value("RETENTION_TIMER"))
CLUSTER = Spread.read(options.value("CLUSTER"))
ALLOWED_HOSTS = [urlsplit(APP_URL).hostname or "localhost"]
ROOT_URLCONF = "staydown.site.app_urls"
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
    "staydown.console",
    "staydown.desk",
]
TEMPLATES[0]["OPTIONS"]["context_processors"] += [  # type: ignore[index]  # Django types it as object
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "staydown.console.everywhere.everywhere",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "staydown.site.middleware.request_id",
    "staydown.site.middleware.straight_to_the_api",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "staydown.people.middleware.idle",
    "staydown.people.middleware.second_factor",
    "staydown.site.middleware.only_text",
    "staydown.console.permitted.by_role",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # one for each post of a case: nobody may make a case too large to decide
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "staydown.people.adapters.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "staydown.people.adapters.StaffFactors"
MFA_TOTP_ISSUER = "Staydown"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "KEY_FUNCTION": "staydown.people.sessions.cache_key",
    }
}  # shared by all processes: sign-in limits must hold across them

# "no-referrer" would make browsers send `Origin: null` with our own forms, and the CSRF check would refuse them.
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "staydown.people.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = APP_URL.startswith("https")
CSRF_COOKIE_SECURE = APP_URL.startswith("https")
SECURE_HSTS_SECONDS = 31_536_000 if APP_URL.startswith("https") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the reverse proxy ends TLS and redirects
