"""What the three programs share. Each reads only the settings that are its own (see `site.options`)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from staydown.site import database, logs, options
from staydown.vault.evidence import custodians

ROLE = options.value("ROLE")
COUNTRY = options.value("COUNTRY").upper()
SERVES = frozenset(options.several(options.value("SERVES").upper()))
SMALL = options.value("SMALL") == "1"
DATA = Path(options.value("DATA"))
PORTAL_URL = options.value("PORTAL_URL").rstrip("/")
APP_URL = options.value("APP_URL").rstrip("/")
RECEIPT_SALT = bytes.fromhex(options.value("RECEIPT_SALT"))
WORKING_PUBLIC = options.value("WORKING_PUBLIC")
LINK_PUBLIC = bytes.fromhex(options.value("LINK_PUBLIC"))
JOURNAL_PUBLIC, *FORMER_JOURNAL_PUBLICS = (bytes.fromhex(key) for key in options.values("JOURNAL_PUBLIC"))
CUSTODIANS = custodians.read(options.value("CUSTODIANS_FIRST"), options.value("CUSTODIANS_SECOND"))
REPORTS_PER_HOUR = int(options.value("REPORTS_PER_HOUR"))
CONTACT = options.value("CONTACT")
PROXIES = int(options.value("PROXIES"))
DEMO = options.value("DEMO") == "1"

DEBUG = False
ALLOWED_HOSTS = ["*"]  # narrowed by each program to its own address
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("nl", _("Dutch")), ("de", _("German"))]
SOURCE = Path(__file__).parents[2]
LOCALE_PATHS = [SOURCE / "locale"]

ROOMS = [
    "staydown.promises",
    "staydown.journal",
    "staydown.people",
    "staydown.banks",
    "staydown.platforms",
    "staydown.cases",
    "staydown.vault.evidence",
    "staydown.vault.retention",
    "staydown.authorities",
    "staydown.transparency",
    "staydown.organisations",
    "staydown.authority_orders",
    "staydown.flaggers",
    "staydown.site",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    *ROOMS,
]
AUTH_USER_MODEL = "people.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database.from_address(options.value("DATABASE"), DATA)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "staydown.promises.backend.LeasedRows"}}

# Work that comes round by itself, in seconds. No deadline depends on it being on time: deadlines are columns.
DUTIES = {
    "staydown.authorities.tasks.watch_deadlines": 60.0,
    "staydown.authority_orders.tasks.watch": 30.0,
    "staydown.banks.tasks.keep_segments": 60.0,
    "staydown.cases.tasks.hint": 300.0,
    "staydown.cases.tasks.lapse_proposals": 60.0,
    "staydown.cases.tasks.watch_deadlines": 30.0,
    "staydown.journal.sending.checkpoint": 3600.0,
    "staydown.platforms.tasks.forget_answers": 3600.0,
    "staydown.platforms.tasks.forget_unused_checks": 3600.0,
    "staydown.promises.actions.forget_kept": 3600.0,
    "staydown.transparency.tasks.send": 600.0,
    "staydown.vault.retention.tasks.keep_schedule": 3600.0,
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "media-src": ["blob:"],  # a film on a reporter's own device, for her browser's decoder
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 33 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 33 * 2**20  # media never touches the disk in clear
FILE_UPLOAD_HANDLERS = ["staydown.site.arriving.Joined"]  # drops what is larger
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING_CONFIG = None
logs.configure(options.value("LOG_LEVEL"))
SILENCED_SYSTEM_CHECKS: list[str] = []
