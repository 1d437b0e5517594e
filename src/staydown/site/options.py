"""Every setting an operator may give, declared once: its name, default, meaning, and which program may see it.

`docs/settings.md` documents each (a test compares), and `staydown serve` hands each program only its own.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Program(StrEnum):
    PORTAL = "portal"
    APP = "app"
    WORKER = "worker"


ALL = frozenset(Program)
STAFFED = frozenset({Program.APP, Program.WORKER})


class MissingSetting(RuntimeError):
    """A required setting is not given. `staydown init` writes all of them; `staydown doctor` says which is missing."""


@dataclass(frozen=True, slots=True)
class Option:
    """One environment variable `STAYDOWN_<name>`, or `STAYDOWN_<name>_FILE` with the path of a file holding it."""

    name: str
    about: str
    default: str | None = None  # None: required
    programs: frozenset[Program] = ALL
    secret: bool = False

    @property
    def variable(self) -> str:
        return f"STAYDOWN_{self.name}"

    def read(self, environ: os._Environ[str] | dict[str, str] = os.environ) -> str:
        """The value as text. Raises `MissingSetting` for a required one that is not there."""
        if path := environ.get(f"{self.variable}_FILE"):
            return Path(path).read_text(encoding="utf-8").strip()
        value = environ.get(self.variable, self.default)
        if value is None:
            raise MissingSetting(f"{self.variable} is not set: {self.about}")
        return value


OPTIONS = (
    Option("ROLE", "what this deployment is: platform, hotline, support_ngo or self_help; the law differs for each"),
    Option("COUNTRY", "the country whose law this deployment answers to, as two letters (FR, BE, …)"),
    Option(
        "SERVES", "other countries whose people this deployment serves, with commas: their laws count, too", default=""
    ),
    Option("SMALL", "1 where you are a micro or small enterprise (Recommendation 2003/361/EC)", default="0"),
    Option("DATA", "the folder of the database and of what is stored; never the folder of the keys"),
    Option("DATABASE", "a postgresql:// address, or empty for SQLite in the data folder", default=""),
    Option("PORTAL_URL", "the public address of the report pages", default="http://127.0.0.1:8700"),
    Option(
        "ONION",
        "the onion address of the report pages (http://….onion), where you run one",
        default="",
        programs=frozenset({Program.PORTAL}),
    ),
    Option(
        "HELPLINES",
        "which numbers people are shown: `called`, or `read`: also those that nobody has called yet",
        default="called",
        programs=frozenset({Program.PORTAL}),
    ),
    Option("APP_URL", "the address of the console and of the platform API", default="http://127.0.0.1:8701"),
    Option(
        "RECEIPT_SALT", "64 hex digits mixed into every receipt, so that a stolen database cannot be guessed elsewhere"
    ),
    Option("WORKING_PUBLIC", "the working public key (age1…): words are sealed to it"),
    Option(
        "WORKING_KEY",
        "the working private key (AGE-SECRET-KEY-1…), then former ones, with commas: opens words of open cases",
        programs=STAFFED,
        secret=True,
    ),
    Option(
        "FINGERPRINT_KEY",
        "64 hex digits, then those of former keys, with commas: encrypts fingerprints at rest",
        programs=STAFFED,
        secret=True,
    ),
    Option("LINK_PUBLIC", "the Ed25519 public key (hex) with which the portal checks platforms' report links"),
    Option(
        "LINK_KEY",
        "the Ed25519 private key (hex) that signs report links",
        programs=frozenset({Program.APP}),
        secret=True,
    ),
    Option(
        "JOURNAL_KEY",
        "the Ed25519 private key (hex) that signs the journal's tree heads",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "JOURNAL_PUBLIC",
        "the Ed25519 public key (hex) that checks the journal's tree heads, then former ones, with commas",
    ),
    Option(
        "TSA",
        "addresses of time-stamping authorities (RFC 3161) for the journal's checkpoints, with commas",
        default="",
        programs=STAFFED,
    ),
    Option(
        "TSA_ROOTS",
        "a file with the PEM certificates that time-stamps must come from, in the end",
        default="",
        programs=STAFFED,
    ),
    Option(
        "WITNESS",
        "who keeps the journal's checkpoints: address and verifier key, several with commas",
        default="",
        programs=STAFFED,
    ),
    Option("SECRET_KEY", "signs the staff's sessions", programs=frozenset({Program.APP}), secret=True),
    Option(
        "OUTSIDE_ALLOW",
        "networks beyond the public internet that webhooks may reach, as scheme://network, comma-separated",
        default="",
        programs=STAFFED,
    ),
    Option(
        "CYBERTIP",
        "where reports to NCMEC go: `test` or `production`, then the address that NCMEC gave; empty: nowhere",
        default="",
        programs=STAFFED,
    ),
    Option("CYBERTIP_PERSON", "whom NCMEC may ask: First Last <mail@example.org>", default="", programs=STAFFED),
    Option(
        "CYBERTIP_LOGIN",
        "name:password of that environment",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "TRANSPARENCY",
        "the EU Transparency Database: `test` or `production`, then its address; empty: nothing is sent",
        default="",
        programs=STAFFED,
    ),
    Option(
        "TRANSPARENCY_TOKEN",
        "the token that the database gave you",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "DISTANCES", "how near a picture must be to resemble an entry, by harm: NCII=23,…", default="", programs=STAFFED
    ),
    Option(
        "SHADOW", "harms for which resembling an entry is written down and stops nothing", default="", programs=STAFFED
    ),
    Option(
        "CANARIES", "a file of your own common pictures' PDQ, which no entry may match", default="", programs=STAFFED
    ),
    Option(
        "BLAST_RADIUS",
        "how much one entry may hide before it stops itself and calls a person: items=500,accounts=100,hours=24",
        default="",
        programs=STAFFED,
    ),
    Option(
        "ROLLOUT",
        "for how many hours an entry that two people confirmed holds what resembles it before it blocks it",
        default="0",
        programs=STAFFED,
    ),
    Option(
        "UNDO",
        "for how many seconds a decision can be undone before anything is removed, banked or answered",
        default="10",
        programs=STAFFED,
    ),
    Option(
        "STRIKES",
        "what removals weigh against an account: empty for nothing, `on` for the shipped policy, or your own file",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "RECOGNITION",
        "a file with the platforms' policies for what a network takes for nudity; empty: nothing is looked at",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "TEXTS",
        "of which places platforms may send words to be read: plaza:comment plaza:profile; empty: of none",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "HIDDEN",
        "rulings that are not offered for a harm: CSAM=label+once,NCII=end",
        default="CSAM=label,GROOMING=label",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "EXPOSURE",
        "how much a moderator looks at before she rests: stretch=300,rest=15,day=1800,grave=5400,days=10,turn=14,away=7",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "CLUSTER",
        "where the indexes are when not in each program's memory: address=HOST:PORT,store=s3://…,shards=2,replicas=2",
        default="",
        programs=STAFFED,
    ),
    Option(
        "CUSTODIANS_FIRST",
        "the first group of evidence custodians: at least two age recipients (age1…), comma-separated",
        default="",
    ),
    Option(
        "CUSTODIANS_SECOND",
        "the second group: at least two others; opening evidence takes one person of each group",
        default="",
    ),
    Option(
        "EVIDENCE_STORE",
        "where sealed evidence lies: empty for files in the data folder, or s3://bucket/prefix",
        default="",
        programs=frozenset({Program.WORKER}),
    ),
    Option(
        "EVIDENCE_ACCESS",
        "how that bucket is reached: endpoint=https://…,region=…,access_key_id=…,secret_access_key=…",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "RETENTION_TIMER",
        "rules of the retention schedule by which the worker destroys without asking a person, comma-separated",
        default="",
        programs=STAFFED,
    ),
    Option("CONTACT", "the e-mail address for authorities and organisations, shown to them on the portal", default=""),
    Option("REPORTS_PER_HOUR", "how many reports one address may send in an hour", default="60"),
    Option("PROXIES", "how many reverse proxies of yours stand before the portal; 0: none", default="0"),
    Option("DEMO", "1 in `make demo` only: one-time links sign staff in without a second factor", default="0"),
    Option("LOG_LEVEL", "debug, info, warning or error", default="info"),
)
BY_NAME = {option.name: option for option in OPTIONS}


def value(name: str) -> str:
    """The value of the setting `name` in this process's environment."""
    return BY_NAME[name].read()


def values(name: str) -> tuple[str, ...]:
    """The values of a setting that may have several: a key, then its former ones (`site.key_files`).

    Raises `MissingSetting` where there is none.
    """
    found = several(value(name))
    if not found:
        raise MissingSetting(f"{BY_NAME[name].variable} is empty: {BY_NAME[name].about}")
    return found


def several(text: str) -> tuple[str, ...]:
    """The values in a text, between commas or white space."""
    return tuple(text.replace(",", " ").split())
