"""The worker: keeps promises. It serves no page; its URLconf answers health and metrics only."""

import secrets

from staydown.authorities.cybertip import connection
from staydown.banks import policy
from staydown.cases import undoing
from staydown.cluster import Spread
from staydown.journal import partners
from staydown.site import options
from staydown.site.settings.base import *  # noqa: F403  a settings module is the base plus its own lines
from staydown.transparency import database
from staydown.vault.retention import timer

SECRET_KEY = secrets.token_urlsafe(50)  # the worker signs no session
WORKING_KEY, *FORMER_WORKING_KEYS = options.values("WORKING_KEY")
FINGERPRINT_KEY, *FORMER_FINGERPRINT_KEYS = (bytes.fromhex(key) for key in options.values("FINGERPRINT_KEY"))
JOURNAL_KEY = bytes.fromhex(options.value("JOURNAL_KEY"))
OUTSIDE_ALLOW = options.value("OUTSIDE_ALLOW")
CYBERTIP = connection.read(options.value("CYBERTIP"), options.value("CYBERTIP_PERSON"), options.value("CYBERTIP_LOGIN"))
TRANSPARENCY = database.read(options.value("TRANSPARENCY"), options.value("TRANSPARENCY_TOKEN"))
TSA = partners.authorities(options.value("TSA"))
TSA_ROOTS = partners.roots(TSA, options.value("TSA_ROOTS"))
WITNESSES = partners.witnesses(options.value("WITNESS"))
POLICIES = policy.read(options.value("DISTANCES"), options.value("SHADOW"))
CANARIES = options.value("CANARIES")
BLAST_RADIUS = policy.read_blast_radius(options.value("BLAST_RADIUS"))
ROLLOUT = policy.read_rollout(options.value("ROLLOUT"))
UNDO = undoing.read(options.value("UNDO"))
RETENTION_TIMER = timer.read(options.value("RETENTION_TIMER"))
CLUSTER = Spread.read(options.value("CLUSTER"))
EVIDENCE_STORE = options.value("EVIDENCE_STORE")
EVIDENCE_ACCESS = options.value("EVIDENCE_ACCESS")
ROOT_URLCONF = "staydown.site.worker_urls"
MIDDLEWARE: list[str] = []
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003", "security.W004", "security.W008"]
